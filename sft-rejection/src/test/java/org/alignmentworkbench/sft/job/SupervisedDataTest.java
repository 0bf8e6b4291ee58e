package org.alignmentworkbench.sft.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.TinyProject;
import org.alignmentworkbench.rlhf.training.ResumableWork.Metric;
import org.alignmentworkbench.rlhf.training.TinyModels;
import org.alignmentworkbench.sft.training.SupervisedRow;
import org.alignmentworkbench.sft.training.TooLongRule;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// The tiny policy has 512 positions, ends a turn with token 2, and numbers 40 and up are text.
class SupervisedDataTest {
  private static final int CONTEXT = 512;
  private static final int END_OF_TURN = 2;

  @AutoClose private final OpenPolicy policy = open(TinyProject.CHATML);

  @Test
  void a_sampled_answer_is_learnt_as_it_was_sampled_when_it_ended_its_turn() {
    SupervisedData data = data(policy, sampled("a", 40, 41, END_OF_TURN));
    SupervisedRow row = data.rows().getFirst();
    int prompt = policy.prompt("a", "Say something.").ids().length;
    assertThat(Arrays.copyOfRange(row.ids(), prompt, row.ids().length))
        .containsExactly(40, 41, END_OF_TURN);
    assertThat(row.supervised()[prompt - 1]).isFalse();
    assertThat(row.supervised()[row.ids().length - 1]).isTrue();
  }

  @Test
  void a_sampled_answer_that_was_cut_off_is_left_out_by_key() {
    SupervisedData data =
        data(policy, sampled("a", 40, END_OF_TURN), sampled("b", 40, 41), written("c", "Fine."));
    assertThat(data.rows()).extracting(SupervisedRow::key).containsExactly("a#0", "c#2");
    assertThat(data.unended()).containsExactly("b#1");
    assertThat(data.figures())
        .containsExactly(new Metric("leftOutTooLong", 0, 0), new Metric("leftOutUnended", 0, 1));
  }

  @Test
  void the_last_row_that_fits_the_context_is_learnt_and_the_next_longer_one_is_not() {
    int prompt = policy.prompt("a", "Say something.").ids().length;
    SupervisedData data =
        data(
            policy,
            sampled("fits", ended(CONTEXT - prompt)),
            sampled("longer", ended(CONTEXT - prompt + 1)));
    assertThat(data.rows()).extracting(SupervisedRow::key).containsExactly("fits#0");
    assertThat(data.rows().getFirst().ids()).hasSize(CONTEXT);
    // The model itself takes the one and would refuse the other.
    assertThat(policy.description().config().contextLength()).isEqualTo(CONTEXT);
    assertThat(data.tooLong()).containsExactly("longer#1");
    assertThat(data.unended()).isEmpty();
  }

  @Test
  void a_cut_row_keeps_its_beginning_and_one_without_a_supervised_token_is_left_out() {
    int prompt = policy.prompt("a", "Say something.").ids().length;
    int[] answer = ended(CONTEXT - prompt + 5);
    Demonstrations.Line late =
        new Demonstrations.Line(
            "late", "Say something. ".repeat(CONTEXT), "response", "...", new int[] {40, 2});
    Demonstrations.Line endless = sampled("endless", Arrays.copyOf(answer, answer.length - 1));
    List<Demonstrations.Line> lines =
        List.of(sampled("fits", ended(CONTEXT - prompt)), sampled("longer", answer), late, endless);

    SupervisedData data = SupervisedData.of(policy, lines, _ -> false, TooLongRule.CUT);

    assertThat(data.rows()).extracting(SupervisedRow::key).containsExactly("fits#0", "longer#1");
    SupervisedRow cut = data.rows().get(1);
    assertThat(Arrays.copyOfRange(cut.ids(), prompt, CONTEXT))
        .hasSize(cut.ids().length - prompt)
        .containsExactly(Arrays.copyOf(answer, CONTEXT - prompt));
    // No end of turn is taught that the answer does not have there.
    assertThat(cut.ids()[CONTEXT - 1]).isNotEqualTo(END_OF_TURN);
    assertThat(cut.supervised()[prompt - 1]).isFalse();
    assertThat(cut.supervised()[CONTEXT - 1]).isTrue();
    assertThat(data.cut()).containsExactly("longer#1");
    assertThat(data.tooLong()).containsExactly("late#2");
    assertThat(data.unended()).containsExactly("endless#3");
    assertThat(data.figures())
        .containsExactly(
            new Metric("cutToContext", 0, 1),
            new Metric("leftOutTooLong", 0, 1),
            new Metric("leftOutUnended", 0, 1));
    assertThat(data.told())
        .endsWith(", of 1 only the beginning fits the model's context (longer#1)");
  }

  @Test
  void a_template_that_ends_no_turn_leaves_nothing_to_train_on() {
    try (OpenPolicy endless = open(TinyProject.CHATML.replace("<|im_end|>", ""))) {
      SupervisedData data = data(endless, written("a", "Fine."), written("b", "Good."));
      assertThat(data.rows()).isEmpty();
      assertThatIllegalStateException()
          .isThrownBy(() -> data.requireRows("demonstrations"))
          .withMessage(
              "dataset 'demonstrations' leaves no row to train on: of 2 answers 0 are held out, 0"
                  + " left out as longer than the model's context, 2 left out for want of a trained"
                  + " end of turn (a#0, b#1)");
    }
  }

  @Test
  void what_is_held_back_is_no_row_and_what_cannot_be_learnt_is_not_measured_on_either() {
    List<Demonstrations.Line> lines =
        List.of(written("a", "Fine."), written("b", "Good."), sampled("b", 40, 41));
    SupervisedData data = SupervisedData.of(policy, lines, key -> key.equals("b"));
    assertThat(data.rows()).extracting(SupervisedRow::key).containsExactly("a#0");
    assertThat(data.heldOut()).extracting(SupervisedRow::key).containsExactly("b#1");
    assertThat(data.unended()).containsExactly("b#2");
  }

  @Test
  void the_first_few_keys_are_told() {
    var lines = new ArrayList<Demonstrations.Line>();
    for (int i = 0; i < 5; i++) {
      lines.add(sampled("p" + i, 40));
    }
    assertThat(SupervisedData.of(policy, lines, _ -> false).told())
        .endsWith("5 left out for want of a trained end of turn (p0#0, p1#1, p2#2, ...)");
  }

  private static SupervisedData data(OpenPolicy policy, Demonstrations.Line... lines) {
    return SupervisedData.of(policy, List.of(lines), _ -> false);
  }

  private static int[] ended(int length) {
    int[] ids = new int[length];
    Arrays.fill(ids, 40);
    ids[length - 1] = END_OF_TURN;
    return ids;
  }

  private static Demonstrations.Line sampled(String promptKey, int... ids) {
    return new Demonstrations.Line(promptKey, "Say something.", "response", "...", ids);
  }

  private static Demonstrations.Line written(String promptKey, String answer) {
    return new Demonstrations.Line(
        promptKey, "Say something.", "demonstration", answer, new int[0]);
  }

  private static OpenPolicy open(String template) {
    ModelFolder folder = TinyProject.policy(template);
    var row =
        new Model(1, 1, "base", Model.Kind.POLICY, "0".repeat(64), null, null, "{}", Instant.EPOCH);
    return OpenPolicy.of(
        row,
        folder.description(),
        LlamaModel.load(TinyModels.engine(), folder.config(), folder.weights()));
  }
}
