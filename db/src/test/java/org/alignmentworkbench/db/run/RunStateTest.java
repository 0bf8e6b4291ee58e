package org.alignmentworkbench.db.run;

import static org.alignmentworkbench.db.run.RunState.COMPLETED;
import static org.alignmentworkbench.db.run.RunState.FAILED;
import static org.alignmentworkbench.db.run.RunState.QUEUED;
import static org.alignmentworkbench.db.run.RunState.RUNNING;
import static org.alignmentworkbench.db.run.RunState.STOPPED;
import static org.alignmentworkbench.db.run.RunState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RunStateTest {
  /// Written out by hand from the picture in [RunState].
  private static final Map<RunState, Set<RunState>> LEGAL =
      Map.of(
          QUEUED, EnumSet.of(RUNNING, STOPPED),
          RUNNING, EnumSet.of(WAITING, STOPPED, FAILED, COMPLETED, QUEUED),
          WAITING, EnumSet.of(QUEUED, STOPPED, FAILED),
          STOPPED, EnumSet.of(QUEUED),
          FAILED, EnumSet.of(QUEUED),
          COMPLETED, EnumSet.noneOf(RunState.class));

  @Test
  void every_pair_of_states_is_legal_or_not_as_the_picture_says() {
    for (RunState from : RunState.values()) {
      for (RunState to : RunState.values()) {
        assertThat(from.mayBecome(to))
            .as("%s to %s", from, to)
            .isEqualTo(LEGAL.get(from).contains(to));
      }
    }
  }
}
