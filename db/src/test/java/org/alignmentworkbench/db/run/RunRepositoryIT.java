package org.alignmentworkbench.db.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.LogLine.Level;
import org.alignmentworkbench.db.run.RunChange.Changed;
import org.alignmentworkbench.db.run.RunChange.NoSuchRun;
import org.alignmentworkbench.db.run.RunChange.Refused;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RunRepositoryIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private static final RunRepository runs = new RunRepository(database.jdbc());
  private static final long project =
      new ProjectRepository(database.jdbc()).create("runs", 1, "{}").id();
  private static int number;

  private static Run newRun(String device) {
    return runs.create(
        new NewRun(project, "run " + ++number, "job", "{\"steps\": 3}", 7, "test", device));
  }

  @Test
  void every_pair_of_states_changes_in_the_database_as_the_rule_says() {
    for (RunState from : RunState.values()) {
      for (RunState to : RunState.values()) {
        // Each on a device of its own, so that only the pair decides.
        Run run = newRun("pair " + from + to);
        database
            .jdbc()
            .sql("update run set state = ? where id = ?")
            .params(from.name(), run.id())
            .update();

        RunChange change = runs.change(run.id(), to, "why");

        if (from.mayBecome(to)) {
          Run changed = ((Changed) change).run();
          assertThat(changed.state()).isEqualTo(to);
          assertThat(changed.detail()).isEqualTo("why");
          assertThat(changed.endedAt() != null).isEqualTo(to.ended());
        } else {
          assertThat(change).as("%s to %s", from, to).isEqualTo(new Refused(from));
          assertThat(runs.find(run.id()).orElseThrow().state()).isEqualTo(from);
        }
      }
    }
  }

  @Test
  void a_run_that_does_not_exist_is_named_so() {
    assertThat(runs.change(-1, RunState.STOPPED, "")).isEqualTo(new NoSuchRun());
  }

  @Test
  void sixteen_callers_at_once_start_one_run_of_a_device() throws Exception {
    for (int i = 0; i < 5; i++) {
      newRun("race");
    }
    List<Future<Optional<Run>>> claims = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 16; i++) {
        claims.add(callers.submit(() -> runs.claimNext("race")));
      }
    }
    long started = 0;
    for (Future<Optional<Run>> claim : claims) {
      started += claim.get().isPresent() ? 1 : 0;
    }
    assertThat(started).isEqualTo(1);
    assertThat(runs.queue("race")).hasSize(4);
  }

  @Test
  void the_queue_goes_in_order_and_a_run_can_be_moved_forward_and_cancelled() {
    Run first = newRun("queue");
    Run second = newRun("queue");
    Run third = newRun("queue");
    runs.moveForward(third.id());
    assertThat(runs.queue("queue"))
        .extracting(Run::id)
        .containsExactly(first.id(), third.id(), second.id());
    runs.moveForward(first.id());
    runs.change(first.id(), RunState.STOPPED, "cancelled");

    assertThat(runs.claimNext("queue")).map(Run::id).contains(third.id());
    assertThat(runs.claimNext("queue")).as("one at a time").isEmpty();
    runs.change(third.id(), RunState.WAITING, "for labels");
    assertThat(runs.claimNext("queue")).as("waiting frees it").map(Run::id).contains(second.id());
    assertThat(runs.change(third.id(), RunState.QUEUED, "")).isInstanceOf(Changed.class);
    assertThat(runs.claimNext("queue")).isEmpty();
    runs.change(second.id(), RunState.COMPLETED, "");
    assertThat(runs.claimNext("queue")).map(Run::id).contains(third.id());
  }

  @Test
  void a_step_written_again_after_a_restart_is_one_point() {
    long run = newRun("metrics").id();
    runs.metrics(run, List.of(new Metric("loss", 1, 3.5), new Metric("loss", 2, 3.25)));
    runs.metrics(run, List.of(new Metric("loss", 2, 3.0), new Metric("kl", 2, Double.NaN)));

    assertThat(runs.points(run, "loss"))
        .extracting(MetricPoint::step, MetricPoint::value)
        .containsExactly(tuple(1L, 3.5), tuple(2L, 3.0));
    assertThat(runs.points(run, "kl"))
        .extracting(MetricPoint::value)
        .containsExactly((Double) null);
    assertThat(runs.series(run)).containsExactly("kl", "loss");
    assertThat(runs.latest(run)).extracting(MetricPoint::series).containsExactly("kl", "loss");
  }

  @Test
  void a_page_that_asks_for_new_points_also_sees_a_point_that_was_replaced() {
    long run = newRun("new points").id();
    runs.metrics(run, List.of(new Metric("loss", 1, 3.5), new Metric("loss", 2, 3.25)));
    long seen = runs.pointsAfter(run, 0, 100).getLast().seq();
    assertThat(runs.pointsAfter(run, seen, 100)).isEmpty();
    runs.metrics(run, List.of(new Metric("loss", 2, 3.0)));

    assertThat(runs.pointsAfter(run, seen, 100))
        .extracting(MetricPoint::value)
        .containsExactly(3.0);
  }

  @Test
  void the_log_is_read_from_either_end() {
    long run = newRun("log").id();
    for (int i = 1; i <= 5; i++) {
      runs.log(run, Level.INFO, "line " + i);
    }
    List<LogLine> tail = runs.logTail(run, 2);
    assertThat(tail).extracting(LogLine::message).containsExactly("line 4", "line 5");
    assertThat(runs.logAfter(run, tail.getFirst().id(), 10))
        .extracting(LogLine::message)
        .containsExactly("line 5");
  }

  @Test
  void a_running_run_without_a_sign_of_life_is_found() {
    Run run = newRun("silent");
    runs.claimNext("silent");
    Instant later = Instant.parse("2100-01-01T00:00:00Z");
    assertThat(runs.silentSince(Instant.EPOCH)).extracting(Run::id).doesNotContain(run.id());
    assertThat(runs.silentSince(later)).extracting(Run::id).contains(run.id());

    Heartbeat beat =
        new Heartbeat(later.plusSeconds(1), 4711, "train", 3, 10L, 0.5, "steps/s", null);
    runs.heartbeat(run.id(), beat);
    runs.heartbeat(run.id(), beat);
    assertThat(runs.silentSince(later)).extracting(Run::id).doesNotContain(run.id());
    assertThat(runs.heartbeat(run.id())).contains(beat);
  }
}
