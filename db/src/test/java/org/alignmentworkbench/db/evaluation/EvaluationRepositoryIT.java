package org.alignmentworkbench.db.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class EvaluationRepositoryIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final EvaluationRepository evaluations = new EvaluationRepository(jdbc);

  private static List<NewItem> items(TestProject project, boolean... passes) {
    List<NewItem> items = new ArrayList<>();
    for (int i = 0; i < passes.length; i++) {
      items.add(
          new NewItem(
              project.prompts().get(i).id(), "a\0b", passes[i], "[true]", 0.5, null, -0.25, 3));
    }
    return items;
  }

  private long save(TestProject project, String stage, boolean... passes) {
    return evaluations.save(
        new NewEvaluation(project.id(), stage, project.modelId(), null, "{\"n\": 4}", "{}"),
        items(project, passes));
  }

  @Test
  void an_evaluation_of_a_stage_is_replaced_as_a_whole() {
    TestProject project = TestProject.create(jdbc, 5);
    long first = save(project, "sft", true, true, false, false, true);
    long again = save(project, "sft", false, true, true);

    assertThat(again).isEqualTo(first);
    assertThat(evaluations.items(again))
        .extracting(Item::passed)
        .containsExactly(false, true, true);
    assertThat(evaluations.items(again).getFirst().text()).isEqualTo("a\uFFFDb");
    assertThat(evaluations.ofProject(project.id()))
        .extracting(Evaluation::id)
        .containsExactly(first);
    assertThat(evaluations.findByStage(project.id(), "sft"))
        .map(Evaluation::configuration)
        .contains("{\"n\": 4}");
  }

  @Test
  void two_evaluations_are_compared_on_the_prompts_they_share() {
    TestProject project = TestProject.create(jdbc, 6);
    long first = save(project, "sft", true, true, true, false, false, true);
    long second = save(project, "mdloo", true, false, false, true, false);
    // By hand over the five shared prompts: TT, TF, TF, FT, FF.
    PairedPasses paired = evaluations.paired(first, second);
    assertThat(paired).isEqualTo(new PairedPasses(1, 2, 1, 1));
    assertThat(paired.n()).isEqualTo(5);
  }

  @Test
  void a_utility_outside_its_range_is_refused() {
    assertThatThrownBy(() -> new NewItem(7, "", true, "[]", Double.NaN, null, null, 1))
        .hasMessage("prompt 7: the utility must be in [0, 1], was NaN");
  }
}
