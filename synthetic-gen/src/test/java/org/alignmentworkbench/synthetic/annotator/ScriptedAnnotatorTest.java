package org.alignmentworkbench.synthetic.annotator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.alignmentworkbench.synthetic.demonstration.DemonstrationWriter;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;
import org.alignmentworkbench.synthetic.utility.TrueUtility;
import org.junit.jupiter.api.Test;

class ScriptedAnnotatorTest {
  private final List<GeneratedTask> tasks =
      new TaskGenerator(1).tasks(Split.PREFERENCE, null, 0, 2100);
  private final DemonstrationWriter writer = new DemonstrationWriter(1);
  private final ScriptedAnnotator annotator =
      new ScriptedAnnotator(1, ScriptedAnnotator.DEFAULT_NOISE);

  @Test
  void swapping_the_sides_swaps_the_judgement() {
    for (GeneratedTask task : tasks) {
      String a = writer.write(task, 0);
      String b = writer.write(task, 1);
      if (!a.equals(b)) {
        assertThat(annotator.judge(task, b, a, 2))
            .isEqualTo(annotator.judge(task, a, b, 2).swapped());
      }
    }
  }

  @Test
  void a_judgement_depends_on_seed_task_texts_and_ordinal_alone() {
    GeneratedTask task = tasks.getFirst();
    PairJudgement first = annotator.judge(task, "Anna comes.", "Ben comes.", 0);
    assertThat(new ScriptedAnnotator(1, 0.10).judge(task, "Anna comes.", "Ben comes.", 0))
        .isEqualTo(first);
    Set<PairJudgement> others = new HashSet<>();
    for (int ordinal = 0; ordinal < 20; ordinal++) {
      others.add(annotator.judge(task, "Anna comes.", "Ben comes.", ordinal));
    }
    assertThat(others).hasSizeGreaterThan(1);
  }

  @Test
  void without_noise_the_better_one_wins_with_the_documented_strength() {
    ScriptedAnnotator exact = new ScriptedAnnotator(1, 0);
    for (GeneratedTask task : tasks) {
      String a = writer.write(task, 0);
      String b = writer.write(task, 1);
      double d = TrueUtility.of(task, b) - TrueUtility.of(task, a);
      int strength = exact.judge(task, a, b, 0).strength();
      if (d != 0) {
        assertThat(Math.signum(strength)).isEqualTo((float) Math.signum(d));
      }
      double size = Math.abs(d);
      assertThat(Math.abs(strength))
          .isEqualTo(size < 0.06 ? 1 : size < 0.18 ? 2 : size < 0.35 ? 3 : 4);
    }
  }

  @Test
  void the_stronger_the_preference_the_more_often_it_is_right() {
    int[] said = new int[5];
    int[] right = new int[5];
    for (GeneratedTask task : tasks) {
      for (int pair = 0; pair < 3; pair++) {
        String a = writer.write(task, 2 * pair);
        String b = writer.write(task, 2 * pair + 1);
        double d = TrueUtility.of(task, b) - TrueUtility.of(task, a);
        if (d == 0) {
          continue;
        }
        int strength = annotator.judge(task, a, b, pair).strength();
        said[Math.abs(strength)]++;
        right[Math.abs(strength)] += strength * d > 0 ? 1 : 0;
      }
    }
    double before = 0.5;
    for (int level = 1; level <= 4; level++) {
      assertThat(said[level]).as("level " + level).isGreaterThan(200);
      double share = (double) right[level] / said[level];
      assertThat(share).as("level " + level).isGreaterThan(before);
      before = share;
    }
    // |d| observed >= 0.35 with noise 0.10: a wrong sign is 3.5 standard deviations away.
    assertThat(before).isGreaterThan(0.995);
  }

  @Test
  void a_perfect_answer_gets_good_grades_and_a_rude_one_is_called_rude() {
    ScriptedAnnotator exact = new ScriptedAnnotator(1, 0);
    for (GeneratedTask task : tasks.subList(0, 100)) {
      String good = writer.reference(task);
      PairJudgement judgement = exact.judge(task, good, good + " Whatever.", 0);
      assertThat(judgement.left()).isEqualTo(new Grades(2, 2, 2, 2));
      assertThat(judgement.right().harmlessness()).isZero();
      assertThat(judgement.strength()).isEqualTo(-4);
      assertThat(judgement.reason()).contains("rude");
    }
  }

  @Test
  void two_equal_texts_are_a_negligible_preference_for_the_left() {
    assertThat(annotator.judge(tasks.getFirst(), "Anna", "Anna", 0).strength()).isEqualTo(-1);
  }

  @Test
  void bad_values_are_refused() {
    assertThatThrownBy(() -> new ScriptedAnnotator(1, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> new ScriptedAnnotator(1, -0.1)).hasMessageContaining("-0.1");
    assertThatThrownBy(() -> new Grades(0, 0, 3, 0)).hasMessageContaining("3");
    Grades good = new Grades(2, 2, 2, 2);
    assertThatThrownBy(() -> new PairJudgement(0, good, good, "")).hasMessageContaining("0");
  }

  @Test
  void the_guideline_explains_the_scale_and_the_four_grades() {
    assertThat(Guideline.first())
        .contains("Significantly better", "Better", "Slightly better", "Negligibly better")
        .contains("Instruction following", "Concision", "Truthfulness", "Harmlessness");
  }
}
