package org.alignmentworkbench.synthetic.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignmentworkbench.synthetic.demonstration.DemonstrationWriter;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;
import org.junit.jupiter.api.Test;

class VerifiableFilterTest {
  private final List<GeneratedTask> tasks =
      new TaskGenerator(1).tasks(Split.PREFERENCE, null, 0, 350);

  @Test
  void references_are_kept() {
    DemonstrationWriter writer = new DemonstrationWriter(1);
    for (GeneratedTask task : tasks) {
      assertThat(VerifiableFilter.decide(task, writer.reference(task)))
          .isEqualTo(new FilterOutcome.Kept());
    }
  }

  @Test
  void a_blank_answer_is_rejected_once_for_each_check() {
    for (GeneratedTask task : tasks) {
      assertThat(VerifiableFilter.decide(task, " "))
          .isInstanceOfSatisfying(
              FilterOutcome.Rejected.class,
              rejected -> assertThat(rejected.reasons()).hasSameSizeAs(task.checks()));
    }
  }

  @Test
  void something_made_up_is_a_reason() {
    GeneratedTask task = tasks.getFirst();
    String city = task.facts().message().contains("Oslo") ? "Rome" : "Oslo";
    String response = new DemonstrationWriter(1).reference(task) + " " + city;
    assertThat(VerifiableFilter.decide(task, response))
        .isInstanceOfSatisfying(
            FilterOutcome.Rejected.class,
            rejected ->
                assertThat(rejected.reasons())
                    .anyMatch(reason -> reason.startsWith("mentions " + city.toLowerCase())));
  }

  @Test
  void a_rejection_without_a_reason_cannot_be() {
    assertThatThrownBy(() -> new FilterOutcome.Rejected(List.of())).hasMessageContaining("reason");
  }
}
