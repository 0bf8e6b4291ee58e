package org.alignmentworkbench.endurance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunState;
import org.alignmentworkbench.rlhf.job.KilledWorker;
import org.alignmentworkbench.rlhf.job.Stores;

/// Kills the worker of one run at random moments, and keeps where each kill hit.
///
/// Four kills in five come a random time after a new process has taken the run; the fifth comes a
/// random time after the process was started, so that loading and recovering are hit as well.
final class RandomKills {
  private static final int WHILE_STARTING = 5;

  private final KilledWorker worker;
  private final Stores stores;
  private final Run run;
  private final RandomGenerator random;
  private final List<Hit> hits = new ArrayList<>();

  RandomKills(KilledWorker worker, Stores stores, Run run, RandomGenerator random) {
    this.worker = worker;
    this.stores = stores;
    this.run = run;
    this.random = random;
  }

  /// Where a kill hit.
  ///
  /// @param stage what the last heartbeat said that the run was doing
  /// @param commits states that were kept by then
  /// @param taken whether the killed process had taken the run
  record Hit(String stage, long commits, boolean taken) {}

  /// Kills up to `most` times, each at most `longest` after the process began, until the run is in
  /// a state.
  void until(RunState goal, int most, Duration longest) throws Exception {
    for (int kill = 0; kill < most && state() != goal; kill++) {
      long before = process();
      boolean starting = random.nextInt(WHILE_STARTING) == 0;
      worker.killAfter(
          () -> starting || process() != before || state() == goal,
          Duration.ofMillis(random.nextLong(longest.toMillis())));
      hits.add(
          new Hit(
              stores.runs().heartbeat(run.id()).map(Heartbeat::stage).orElse("nowhere"),
              stores.checkpoints().ofRun(run.id()).size(),
              process() != before));
    }
  }

  /// Lets it work undisturbed until the run is in a state.
  void finish(RunState goal) throws Exception {
    worker.runUntil(() -> state() == goal);
  }

  int kills() {
    return hits.size();
  }

  /// How many different stages were hit.
  long stages() {
    return hits.stream().map(Hit::stage).distinct().count();
  }

  /// One line: how many kills, and how many hit where.
  String told() {
    Map<String, Long> byPlace =
        hits.stream()
            .collect(
                Collectors.groupingBy(
                    hit -> hit.taken() ? hit.stage() : "before taking the run",
                    LinkedHashMap::new,
                    Collectors.counting()));
    return "%s: %d kills; %s; states kept at each: %s"
        .formatted(
            run.jobName(),
            hits.size(),
            byPlace.entrySet().stream()
                .map(place -> place.getValue() + " in " + place.getKey())
                .collect(Collectors.joining(", ")),
            hits.stream()
                .map(hit -> Long.toString(hit.commits()))
                .collect(Collectors.joining(" ")));
  }

  private RunState state() {
    return stores.runs().find(run.id()).orElseThrow().state();
  }

  private long process() {
    return stores.runs().heartbeat(run.id()).map(Heartbeat::processId).orElse(0L);
  }
}
