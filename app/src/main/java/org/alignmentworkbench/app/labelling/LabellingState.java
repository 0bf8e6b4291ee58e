package org.alignmentworkbench.app.labelling;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alignmentworkbench.app.web.JsonFacts;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.OpenSlots;
import org.alignmentworkbench.sft.job.ItecRoundSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// How far the labelling of a project's rounds is, counted for those whose judgements each round's
/// run waits for: people, or scripts. A round that no run works on is people's.
@Component
public class LabellingState {
  private static final String JOB = "itecRound";

  private final RunRepository runs;
  private final OpenSlots slots;

  LabellingState(RunRepository runs, OpenSlots slots) {
    this.runs = runs;
    this.slots = slots;
  }

  /// A round.
  ///
  /// @param run that works on it and is not at its end, or null
  public record State(OpenSlots.Round counts, Judges judges, @Nullable Run run) {}

  /// The project's rounds in order.
  public List<State> rounds(long projectId, Instant now) {
    Map<Integer, Run> atWork = atWork(projectId);
    var counted = new HashMap<Judges, List<OpenSlots.Round>>();
    var states = new ArrayList<State>();
    List<OpenSlots.Round> people = slots.rounds(projectId, Judges.PEOPLE, now);
    counted.put(Judges.PEOPLE, people);
    for (int i = 0; i < people.size(); i++) {
      @Nullable Run run = atWork.get(people.get(i).round());
      Judges judges = judges(run);
      OpenSlots.Round counts =
          counted.computeIfAbsent(judges, j -> slots.rounds(projectId, j, now)).get(i);
      states.add(new State(counts, judges, run));
    }
    return states;
  }

  /// One round of a project, if it has it.
  public Optional<State> round(long projectId, int round, Instant now) {
    return rounds(projectId, now).stream()
        .filter(state -> state.counts().round() == round)
        .findFirst();
  }

  /// Slots that nobody may judge, in rounds whose run is parked for judgements.
  public long stuck(long projectId, Instant now) {
    if (atWork(projectId).values().stream().noneMatch(run -> run.state() == RunState.WAITING)) {
      return 0;
    }
    return rounds(projectId, now).stream()
        .filter(state -> state.run() != null && state.run().state() == RunState.WAITING)
        .mapToLong(state -> state.counts().byNobody())
        .sum();
  }

  /// The runs that are not at their end, by round; the newest where two share one.
  private Map<Integer, Run> atWork(long projectId) {
    var atWork = new HashMap<Integer, Run>();
    for (Run run : runs.inStates(RunState.QUEUED, RunState.RUNNING, RunState.WAITING)) {
      if (run.projectId() == projectId && run.jobName().equals(JOB)) {
        atWork.merge(round(run), run, (one, other) -> one.id() > other.id() ? one : other);
      }
    }
    return atWork;
  }

  private static Judges judges(@Nullable Run run) {
    return run != null && settings(run).path("scripted").asBoolean(false)
        ? Judges.SCRIPTS
        : Judges.PEOPLE;
  }

  private static int round(Run run) {
    return settings(run).path("round").asInt(ItecRoundSettings.DEFAULT.round());
  }

  /// Read as it is, not by this version's rules: a page must not fail over an old run.
  private static JsonNode settings(Run run) {
    return JsonFacts.tree(run.configuration());
  }
}
