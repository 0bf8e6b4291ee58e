package org.alignmentworkbench.sft.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.db.task.Comparison;
import org.junit.jupiter.api.Test;

class RoundComparisonsTest {
  private static final List<Response> RESPONSES =
      List.of(
          response(1, 10, "sft", "yes"),
          response(2, 10, "sft", "no"),
          response(3, 10, "dpo", "maybe"),
          response(4, 11, "sft", "same"),
          response(5, 11, "dpo", "same"),
          response(6, 12, "sft", "left"),
          response(7, 12, "sft", "right"));

  @Test
  void two_different_texts_are_compared_and_prompts_without_two_ask_for_nothing() {
    List<Comparison> comparisons = choose(RESPONSES, 1);
    assertThat(comparisons).extracting(Comparison::promptId).containsExactly(10L, 12L);
  }

  @Test
  void another_member_is_preferred_where_there_is_one() {
    for (long seed = 0; seed < 20; seed++) {
      Comparison first = choose(RESPONSES, seed).getFirst();
      assertThat(List.of(first.responseA(), first.responseB())).contains(3L);
    }
  }

  @Test
  void the_choice_depends_on_seed_and_prompt_and_on_nothing_else() {
    var others = new ArrayList<>(RESPONSES.subList(3, 7));
    Collections.reverse(others);
    var reordered = new ArrayList<>(others);
    reordered.addAll(RESPONSES.subList(0, 3));
    assertThat(choose(reordered, 1).getFirst()).isEqualTo(choose(RESPONSES, 1).getFirst());
  }

  private static List<Comparison> choose(List<Response> responses, long seed) {
    return RoundComparisons.choose(responses, response -> "prompt-" + response.promptId(), seed);
  }

  private static Response response(long id, long prompt, String member, String text) {
    return new Response(
        id,
        1,
        prompt,
        "key-" + id,
        1,
        member,
        1L,
        0,
        text,
        new int[] {1},
        -1.0,
        Response.Finish.STOP,
        null,
        null,
        null);
  }
}
