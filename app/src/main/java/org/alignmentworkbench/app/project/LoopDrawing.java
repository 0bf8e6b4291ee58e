package org.alignmentworkbench.app.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.db.view.LoopCounts;
import org.alignmentworkbench.db.view.RunLine;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Draws a round: which of its nine places are passed, which one it is at, and what each holds.
@Component
class LoopDrawing {
  /// The places in the order of the round.
  enum Place {
    PROMPTS,
    PAIRS,
    JUDGEMENTS,
    REWARD_MODEL,
    MEMBERS,
    COMMITTEE,
    BEST,
    STUDENT,
    EVALUATION
  }

  /// How a place stands.
  enum Standing {
    /// It holds something.
    DONE,
    /// The round is here and works.
    NOW,
    /// The round is here and waits for people.
    WAITING,
    /// The round is here and has failed or was stopped.
    BROKEN,
    /// Not reached yet.
    OPEN
  }

  /// The stages of jobs, by the place at which they work.
  private static final Map<String, Place> BY_STAGE =
      Map.ofEntries(
          Map.entry("collectPrompts", Place.PROMPTS),
          Map.entry("samplePairs", Place.PAIRS),
          Map.entry("pairs", Place.PAIRS),
          Map.entry("makeComparisons", Place.PAIRS),
          Map.entry("awaitJudgements", Place.JUDGEMENTS),
          Map.entry("takeJudgements", Place.JUDGEMENTS),
          Map.entry("trainRewardModel", Place.REWARD_MODEL),
          Map.entry("rewardModel", Place.REWARD_MODEL),
          Map.entry("trainPreferenceMember", Place.MEMBERS),
          Map.entry("preference", Place.MEMBERS),
          Map.entry("trainDescentMember", Place.MEMBERS),
          Map.entry("mdloo", Place.MEMBERS),
          Map.entry("sampleCommittee", Place.COMMITTEE),
          Map.entry("candidates", Place.COMMITTEE),
          Map.entry("scoreCandidates", Place.COMMITTEE),
          Map.entry("selectBest", Place.BEST),
          Map.entry("trainStudent", Place.STUDENT),
          Map.entry("student", Place.STUDENT),
          Map.entry("trainUnfilteredStudent", Place.STUDENT),
          Map.entry("unfilteredStudent", Place.STUDENT),
          Map.entry("evaluateStudent", Place.EVALUATION),
          Map.entry("evaluateUnfilteredStudent", Place.EVALUATION),
          Map.entry("evaluation", Place.EVALUATION),
          Map.entry("sampleStudent", Place.EVALUATION),
          Map.entry("scoreStudent", Place.EVALUATION),
          Map.entry("electCommittee", Place.EVALUATION));

  /// Jobs that work at one place whatever their stage is called.
  private static final Map<String, Place> BY_JOB =
      Map.of(
          "rewardModelTraining", Place.REWARD_MODEL,
          "preferenceTraining", Place.MEMBERS,
          "mirrorDescentRlhf", Place.STUDENT,
          "supervisedFineTuning", Place.STUDENT,
          "evaluation", Place.EVALUATION);

  private final Formats formats;
  private final Words words;

  LoopDrawing(Formats formats, Words words) {
    this.formats = formats;
    this.words = words;
  }

  /// A place as the page draws it.
  ///
  /// @param standing style and word
  /// @param figure what it holds
  /// @param note the same in more words
  /// @param href where to see it, or null
  record Node(
      String key,
      String title,
      String standing,
      String standingText,
      String figure,
      String note,
      @Nullable Progress progress,
      @Nullable String href) {}

  /// @param active the run the round is in, or null
  List<Node> draw(long projectId, LoopCounts counts, @Nullable RunLine active, boolean mayLabel) {
    @Nullable Place at = active == null ? null : place(active);
    List<Node> nodes = new ArrayList<>();
    for (Place place : Place.values()) {
      nodes.add(node(projectId, place, standing(place, counts, active, at), counts, mayLabel));
    }
    return nodes;
  }

  static @Nullable Place place(RunLine run) {
    if (!run.jobName().equals("itecRound")) {
      return BY_JOB.get(run.jobName());
    }
    if (run.state() == RunState.WAITING) {
      // A round parks for people's judgements only.
      return Place.JUDGEMENTS;
    }
    if (run.stage() != null) {
      Place place = BY_STAGE.get(run.stage());
      if (place != null) {
        return place;
      }
    }
    return null;
  }

  private static Standing standing(
      Place place, LoopCounts counts, @Nullable RunLine active, @Nullable Place at) {
    if (active != null && place == at) {
      return switch (active.state()) {
        case WAITING -> Standing.WAITING;
        case FAILED, STOPPED -> Standing.BROKEN;
        case QUEUED, RUNNING, COMPLETED -> Standing.NOW;
      };
    }
    boolean inRound =
        active != null
            && at != null
            && active.state() != RunState.COMPLETED
            && active.jobName().equals("itecRound");
    if (inRound) {
      // The round has passed the earlier places; the later ones still hold what the round before
      // left there.
      return place.compareTo(Objects.requireNonNull(at)) < 0 ? Standing.DONE : Standing.OPEN;
    }
    return holds(place, counts) ? Standing.DONE : Standing.OPEN;
  }

  private static boolean holds(Place place, LoopCounts counts) {
    return switch (place) {
      case PROMPTS -> counts.trainPrompts() + counts.preferencePrompts() > 0;
      case PAIRS -> counts.pairs() > 0;
      case JUDGEMENTS -> counts.wanted() > 0 && counts.judged() == counts.wanted();
      case REWARD_MODEL -> counts.rewardModels() > 0;
      case MEMBERS, STUDENT -> counts.policies() > 1;
      case COMMITTEE -> counts.members() > 0;
      case BEST -> counts.selected() != null;
      case EVALUATION -> counts.evaluations() > 0;
    };
  }

  private Node node(
      long projectId, Place place, Standing standing, LoopCounts counts, boolean mayLabel) {
    String root = "/projects/" + projectId;
    String title = words.of("loop." + place);
    return switch (place) {
      case PROMPTS ->
          node(
              place,
              title,
              standing,
              formats.number(
                  counts.trainPrompts() + counts.preferencePrompts() + counts.heldOutPrompts()),
              words.of(
                  "loop.prompts.note",
                  formats.number(counts.trainPrompts()),
                  formats.number(counts.preferencePrompts()),
                  formats.number(counts.heldOutPrompts())),
              null,
              root + "/prompts");
      case PAIRS ->
          node(
              place,
              title,
              standing,
              formats.number(counts.pairs()),
              words.of("loop.pairs.note", formats.number(counts.candidates())),
              null,
              null);
      case JUDGEMENTS ->
          node(
              place,
              title,
              standing,
              formats.number(counts.judged()),
              words.of(
                  "loop.judgements.note",
                  formats.number(counts.judged() - counts.scripted()),
                  formats.number(counts.scripted()),
                  formats.number(counts.judges())),
              counts.wanted() == 0
                  ? null
                  : new Progress(
                      counts.judged(),
                      counts.wanted(),
                      words.of("loop.of", formats.number(counts.wanted()))),
              mayLabel ? "/label" : null);
      case REWARD_MODEL ->
          node(
              place,
              title,
              standing,
              formats.number(counts.rewardModels()),
              counts.rewardModel() == null ? "" : counts.rewardModel(),
              null,
              root + "/models");
      case MEMBERS ->
          node(
              place,
              title,
              standing,
              formats.number(counts.policies()),
              words.of("loop.members.note"),
              null,
              root + "/models");
      case COMMITTEE ->
          node(
              place,
              title,
              standing,
              formats.number(counts.members()),
              words.of("loop.committee.note"),
              null,
              null);
      case BEST ->
          node(
              place,
              title,
              standing,
              counts.selected() == null ? Formats.NONE : formats.number(counts.selected()),
              words.of("loop.best.note"),
              null,
              root + "/models");
      case STUDENT ->
          node(
              place,
              title,
              standing,
              counts.policy() == null ? Formats.NONE : counts.policy(),
              words.of("loop.student.note"),
              null,
              root + "/models");
      case EVALUATION ->
          node(
              place,
              title,
              standing,
              formats.number(counts.evaluations()),
              words.of("loop.evaluation.note"),
              null,
              root + "/evaluations");
    };
  }

  private Node node(
      Place place,
      String title,
      Standing standing,
      String figure,
      String note,
      @Nullable Progress progress,
      @Nullable String href) {
    String style =
        switch (standing) {
          case DONE -> "done";
          case NOW -> "now";
          case WAITING -> "waiting";
          case BROKEN -> "broken";
          case OPEN -> "open";
        };
    return new Node(
        place.name(),
        title,
        style,
        words.of("loop.standing." + standing),
        figure,
        note,
        progress,
        href);
  }
}
