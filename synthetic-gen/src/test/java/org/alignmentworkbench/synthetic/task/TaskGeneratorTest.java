package org.alignmentworkbench.synthetic.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alignmentworkbench.synthetic.check.Check;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskGeneratorTest {
  private final TaskGenerator generator = new TaskGenerator(1);

  @Test
  void splits_share_no_combination_of_scene_and_slots_over_thousands_of_tasks() {
    Set<String> seen = new HashSet<>();
    for (Split split : Split.values()) {
      Set<String> mine = new HashSet<>();
      for (long seed : new long[] {1, 2}) {
        for (GeneratedTask task : new TaskGenerator(seed).tasks(split, null, 0, 3500)) {
          mine.add(Partition.combination(task.facts()));
          assertThat(Partition.of(task.facts())).isEqualTo(split);
        }
      }
      assertThat(seen).doesNotContainAnyElementsOf(mine);
      seen.addAll(mine);
    }
  }

  @Test
  void splits_share_no_message_either() {
    Set<String> seen = new HashSet<>();
    for (Split split : Split.values()) {
      Set<String> mine =
          generator.tasks(split, null, 0, 3500).stream()
              .map(task -> task.facts().message())
              .collect(Collectors.toSet());
      assertThat(seen).doesNotContainAnyElementsOf(mine);
      seen.addAll(mine);
    }
  }

  @Test
  void only_the_held_out_split_uses_held_out_templates_and_a_quarter_of_it_does() {
    assertThat(generator.tasks(Split.TRAIN, null, 0, 2000))
        .noneMatch(GeneratedTask::heldOutTemplate);
    assertThat(generator.tasks(Split.PREFERENCE, null, 0, 2000))
        .noneMatch(GeneratedTask::heldOutTemplate);
    long heldOut =
        generator.tasks(Split.HELD_OUT, null, 0, 2000).stream()
            .filter(GeneratedTask::heldOutTemplate)
            .count();
    // Binomial(2000, 1/4) has standard deviation 19.4: five of them.
    assertThat(heldOut).isBetween(403L, 597L);
  }

  @Test
  void held_out_wordings_are_made_of_words_that_other_splits_use_too() {
    Set<String> words =
        generator.tasks(Split.TRAIN, null, 0, 7000).stream()
            .flatMap(task -> List.of(task.prompt().toLowerCase().split("[^\\p{L}]+")).stream())
            .collect(Collectors.toSet());
    for (TaskKind kind : TaskKind.values()) {
      for (String instruction : Wording.instructions(kind, true)) {
        assertThat(words)
            .containsAll(
                List.of(instruction.replace("{request}", "").toLowerCase().split("[^\\p{L}]+")));
      }
    }
  }

  @Test
  void a_task_does_not_depend_on_how_many_were_made() {
    List<GeneratedTask> many = generator.tasks(Split.TRAIN, null, 0, 50);
    assertThat(generator.tasks(Split.TRAIN, null, 31, 1)).containsExactly(many.get(31));
    assertThat(generator.task(Split.TRAIN, many.get(31).kind(), 31 / 7)).isEqualTo(many.get(31));
    assertThat(generator.tasks(Split.TRAIN, TaskKind.REPLY, 3, 1).getFirst())
        .isEqualTo(generator.tasks(Split.TRAIN, TaskKind.REPLY, 0, 9).get(3));
  }

  @Test
  void another_seed_makes_other_tasks() {
    assertThat(new TaskGenerator(2).task(Split.TRAIN, TaskKind.REPLY, 0).prompt())
        .isNotEqualTo(generator.task(Split.TRAIN, TaskKind.REPLY, 0).prompt());
  }

  @ParameterizedTest
  @EnumSource(TaskKind.class)
  void prompts_are_short_and_carry_one_to_three_constraints(TaskKind kind) {
    for (GeneratedTask task : generator.tasks(Split.TRAIN, kind, 0, 700)) {
      assertThat(task.prompt()).hasSizeLessThanOrEqualTo(350).doesNotContain("{", "}", "  ");
      assertThat(task.checks().stream().filter(check -> !check.substance()).count())
          .as(task.prompt())
          .isBetween(1L, 3L);
      assertThat(task.checks()).doesNotHaveDuplicates();
      assertThat(task.checks()).noneMatch(c -> c instanceof Check.MinWords m && m.limit() < 3);
      assertThat(task.prompt()).contains(task.facts().message());
    }
  }

  @Test
  void tasks_survive_json() {
    for (GeneratedTask task : generator.tasks(Split.HELD_OUT, null, 0, 1400)) {
      assertThat(GeneratedTask.fromJson(task.toJson())).isEqualTo(task);
    }
  }

  @Test
  void every_split_holds_its_share_of_scenes() {
    int[] counts = new int[3];
    for (int i = 0; i < 10_000; i++) {
      var facts =
          new Facts(
              "payment",
              Scenes.named("payment")
                  .draw(
                      new org.alignmentworkbench.synthetic.world.Draw(
                          org.alignmentworkbench.model.random.CounterStream.of(3, "p", 0, i))),
              0,
              "");
      counts[Partition.of(facts).ordinal()]++;
    }
    // Binomial(10000, 0.6) and (10000, 0.2): standard deviations 49 and 40, five of them.
    assertThat(counts[0]).isBetween(5755, 6245);
    assertThat(counts[1]).isBetween(1800, 2200);
    assertThat(counts[2]).isBetween(1800, 2200);
  }

  @Test
  void a_negative_number_is_refused() {
    assertThatThrownBy(() -> generator.task(Split.TRAIN, TaskKind.REPLY, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }
}
