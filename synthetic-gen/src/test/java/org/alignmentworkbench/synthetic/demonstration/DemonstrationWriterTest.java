package org.alignmentworkbench.synthetic.demonstration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.task.Checks;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;
import org.alignmentworkbench.synthetic.task.TaskKind;
import org.alignmentworkbench.synthetic.utility.TrueUtility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DemonstrationWriterTest {
  private final TaskGenerator generator = new TaskGenerator(1);
  private final DemonstrationWriter writer = new DemonstrationWriter(1);

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void the_reference_passes_all_checks_and_is_of_high_utility(TaskKind kind) {
    for (Split split : Split.values()) {
      for (GeneratedTask task : generator.tasks(split, kind, 0, 1000)) {
        String reference = writer.reference(task);
        assertThat(Checks.evaluate(task, reference).faults())
            .as(task.prompt() + "\n=> " + reference)
            .isEmpty();
        assertThat(TrueUtility.of(task, reference))
            .as(task.prompt() + "\n=> " + reference)
            .isGreaterThanOrEqualTo(0.9);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void a_careful_writer_passes_and_a_careless_one_passes_less_often(TaskKind kind) {
    List<GeneratedTask> tasks = generator.tasks(Split.TRAIN, kind, 0, 500);
    DemonstrationWriter careful = new DemonstrationWriter(1, Carelessness.NONE);
    long passed = tasks.stream().filter(t -> Checks.evaluate(t, writer.write(t)).passed()).count();
    assertThat(tasks.stream().filter(t -> !Checks.evaluate(t, careful.write(t)).passed()))
        .hasSizeLessThan(25);
    assertThat(passed).isBetween(100L, 400L);
  }

  @Test
  void some_constraints_are_forgotten_more_often_than_heeded_and_others_less() {
    Carelessness people = Carelessness.DEMONSTRATIONS;
    // 0.35 times the table's factors.
    assertThat(people.forgets(new Check.LacksKeyword("x"))).isEqualTo(0.63, within(1e-12));
    assertThat(people.forgets(new Check.MinWords(5))).isEqualTo(0.595, within(1e-12));
    assertThat(people.forgets(new Check.StartsWith("x"))).isEqualTo(0.245, within(1e-12));
    assertThat(Carelessness.CORPUS.forgets(new Check.LacksKeyword("x"))).isEqualTo(0.45);
    assertThatThrownBy(() -> people.forgets(new Check.TakesStance(true)))
        .hasMessageContaining("Says yes");
    assertThatThrownBy(() -> new Carelessness(1.1, 0, 0, 0, 0, false)).hasMessageContaining("1.1");
  }

  @Test
  void demonstrations_of_one_task_differ_and_come_back_the_same() {
    GeneratedTask task = generator.task(Split.TRAIN, TaskKind.REPLY, 5);
    List<String> texts = IntStream.range(0, 40).mapToObj(i -> writer.write(task, i)).toList();
    assertThat(texts.stream().distinct().count()).isGreaterThan(5);
    assertThat(IntStream.range(0, 40).mapToObj(i -> new DemonstrationWriter(1).write(task, i)))
        .containsExactlyElementsOf(texts);
  }
}
