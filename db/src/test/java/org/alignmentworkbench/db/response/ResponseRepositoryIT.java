package org.alignmentworkbench.db.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.prompt.NewPrompt;
import org.alignmentworkbench.db.prompt.Prompt;
import org.alignmentworkbench.db.prompt.PromptRepository;
import org.alignmentworkbench.db.prompt.Split;
import org.alignmentworkbench.db.response.Response.Finish;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Prompts and responses, which a restarted job adds again.
class ResponseRepositoryIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final PromptRepository prompts = new PromptRepository(jdbc);
  private final ResponseRepository responses = new ResponseRepository(jdbc);

  private static NewResponse response(TestProject project, String text, int... ids) {
    return new NewResponse(
        project.prompts().getFirst().id(),
        "key",
        2,
        "dpo",
        project.modelId(),
        0,
        text,
        ids,
        -3.25,
        Finish.LENGTH,
        0.5,
        "{\"length\": true}",
        null);
  }

  @Test
  void adding_again_adds_nothing_and_another_text_under_the_key_is_refused() {
    TestProject project = TestProject.create(jdbc, 1);
    NewResponse response = response(project, "text \0 é 漢 \uD83D\uDE00", 1, 2, 3);
    assertThat(responses.add(project.id(), List.of(response))).isEqualTo(1);
    assertThat(responses.add(project.id(), List.of(response))).isZero();
    Response kept = responses.ofRound(project.id(), 2).getFirst();
    assertThat(kept.text()).isEqualTo("text \uFFFD é 漢 \uD83D\uDE00");
    assertThat(kept.tokenIds()).containsExactly(1, 2, 3);
    assertThat(kept.reward()).isEqualTo(0.5);
    assertThat(kept.finish()).isEqualTo(Finish.LENGTH);
    NewResponse other = response(project, "text \0 é 漢 \uD83D\uDE00", 1, 2, 4);
    assertThatThrownBy(() -> responses.add(project.id(), List.of(other)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("another response under the key key");
    assertThat(responses.add(project.id(), List.of())).isZero();
  }

  @Test
  void a_response_without_tokens_is_kept() {
    TestProject project = TestProject.create(jdbc, 1);
    responses.add(project.id(), List.of(response(project, "")));
    assertThat(responses.ofRound(project.id(), 2).getFirst().tokenIds()).isEmpty();
  }

  @Test
  void rewards_and_checks_are_set_for_many_at_once() {
    TestProject project = TestProject.create(jdbc, 2);
    long first = project.responses().get(0).id();
    long last = project.responses().get(3).id();
    responses.setRewards(Map.of(first, 1.5, last, -2.0));
    responses.setChecks(Map.of(last, "[true, false]"));
    assertThat(responses.ofRound(project.id(), 1))
        .extracting(Response::reward)
        .containsExactly(1.5, null, null, -2.0);
    assertThat(responses.find(last)).map(Response::checks).contains("[true, false]");
    assertThat(responses.ofPrompt(project.prompts().get(1).id())).hasSize(2);
  }

  @Test
  void prompts_are_paged_counted_and_never_replaced() {
    TestProject project = TestProject.create(jdbc, 5);
    List<Prompt> page = prompts.page(project.id(), "", 3);
    assertThat(page).extracting(Prompt::text).containsExactly("Prompt 0", "Prompt 1", "Prompt 2");
    assertThat(prompts.page(project.id(), page.getLast().key(), 3)).hasSize(2);
    assertThat(prompts.page(project.id(), "zzz", 3)).isEmpty();
    assertThat(prompts.counts(project.id()))
        .containsExactly(new PromptRepository.Count(Split.PREFERENCE, "list", 5));
    NewPrompt other =
        new NewPrompt(page.getFirst().key(), Split.TRAIN, "list", "list-1", "Prompt 0", "{}");
    assertThatThrownBy(() -> prompts.add(project.id(), List.of(other)))
        .hasMessageContaining("another prompt under the key preference/list/0000");
    assertThat(prompts.findByKey(project.id(), page.getFirst().key())).contains(page.getFirst());
  }
}
