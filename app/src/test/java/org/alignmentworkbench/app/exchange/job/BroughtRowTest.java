package org.alignmentworkbench.app.exchange.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.alignmentworkbench.db.exchange.BroughtPair;
import org.alignmentworkbench.db.exchange.BroughtPair.BroughtJudgement;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.Refusal;
import org.alignmentworkbench.db.prompt.PromptTurn;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.model.dataset.DatasetReader;
import org.alignmentworkbench.model.dataset.RowOutcome.Accepted;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BroughtRowTest {
  private static BroughtRow read(String line, Purpose purpose) {
    try (DatasetReader reader =
        DatasetReader.open(
            new ByteArrayInputStream(line.getBytes(UTF_8)),
            new DatasetReader.Settings("x.jsonl"))) {
      return BroughtRow.of((Accepted) reader.next(), purpose, 3);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static BroughtRow read(String line) {
    return read(line, Purpose.JUDGEMENTS);
  }

  private static String rule(String line) {
    BroughtRow row = read(line);
    assertThat(row.pairs()).isEmpty();
    return row.refusals().getFirst().rule();
  }

  /// The better text, whichever side it went to.
  private static String better(BroughtPair pair) {
    BroughtJudgement judgement = pair.judgement();
    return judgement.strength() < 0 ? pair.textA() : pair.textB();
  }

  @Test
  void the_better_answer_stays_the_better_one_and_is_on_neither_side_by_rule() {
    int onA = 0;
    for (int i = 0; i < 40; i++) {
      BroughtPair pair =
          read("""
          {"prompt": "Count.", "chosen": "good %d", "rejected": "bad %d"}
          """
                  .formatted(i, i))
              .pairs()
              .getFirst();
      assertThat(better(pair)).isEqualTo("good " + i);
      assertThat(Math.abs(pair.judgement().strength())).isEqualTo(3);
      assertThat(pair.judgement().annotator()).isEqualTo(BroughtRow.UNNAMED);
      assertThat(pair.round()).isZero();
      onA += pair.judgement().strength() < 0 ? 1 : 0;
    }
    // Fair sides: fewer than 8 or more than 32 of 40 happen once in 15,000 files.
    assertThat(onA).isBetween(8, 32);
  }

  @Test
  void the_same_two_answers_are_the_same_pair_in_either_order() {
    BroughtPair one =
        read("{\"prompt\": \"p\", \"chosen\": \"x\", \"rejected\": \"y\"}").pairs().getFirst();
    BroughtPair other =
        read("{\"prompt\": \"p\", \"chosen\": \"y\", \"rejected\": \"x\"}").pairs().getFirst();
    assertThat(one.pair()).isEqualTo(other.pair());
    assertThat(one.judgement().strength()).isEqualTo(-other.judgement().strength());
  }

  @Test
  void several_turns_become_one_text_that_names_the_speakers() {
    BroughtPair pair =
        read("""
        {"chosen": "\\n\\nHuman: Hi\\n\\nAssistant: Yes?\\n\\nHuman: Sum up\\n\\nAssistant: Short.", \
        "rejected": "\\n\\nHuman: Hi\\n\\nAssistant: Yes?\\n\\nHuman: Sum up\\n\\nAssistant: Long."}
        """)
            .pairs()
            .getFirst();
    assertThat(pair.prompt()).isEqualTo("User: Hi\n\nAssistant: Yes?\n\nUser: Sum up");
    assertThat(better(pair)).isEqualTo("Short.");
    assertThat(pair.turns())
        .containsExactly(
            new PromptTurn(PromptTurn.Role.USER, "Hi"),
            new PromptTurn(PromptTurn.Role.ASSISTANT, "Yes?"),
            new PromptTurn(PromptTurn.Role.USER, "Sum up"));
    assertThat(
            read("{\"prompt\": \"p\", \"chosen\": \"x\", \"rejected\": \"y\"}")
                .pairs()
                .getFirst()
                .turns())
        .isEmpty();
  }

  private static @Nullable String language(String line) {
    return read(line).pairs().getFirst().language();
  }

  @Test
  void the_language_of_a_prompt_is_taken_where_a_row_says_one() {
    String pair = "{\"prompt\": \"p\", \"chosen\": \"x\", \"rejected\": \"y\"%s}";
    assertThat(language(pair.formatted(""))).isNull();
    assertThat(language(pair.formatted(", \"language\": \"de\""))).isEqualTo("de");
    assertThat(language(pair.formatted(", \"language\": \"pt_BR\""))).isEqualTo("pt-br");
    assertThat(language(pair.formatted(", \"metadata\": {\"language\": \"ar\"}"))).isEqualTo("ar");
    assertThat(language(pair.formatted(", \"language\": \"English (US)\""))).as("no tag").isNull();
    assertThat(language(pair.formatted(", \"language\": 7"))).isNull();
    assertThat(
            language(
                """
                {"id": 1, "data": {"prompt": "p", "answer1": "x", "answer2": "y", "language": "fa"}, \
                "annotations": []}
                """))
        .as("a task of Label Studio")
        .isEqualTo("fa");
    assertThat(
            language(
                OWN.formatted("r2:q#5", 2, 0, "ann")
                    .replace("\"reason\":", "\"language\": \"he\", \"reason\":")))
        .as("an own export")
        .isEqualTo("he");
  }

  @Test
  void what_is_no_pair_is_left_out() {
    assertThat(rule("{\"prompt\": \"p\", \"completion\": \"c\", \"label\": true}"))
        .isEqualTo("NO_PAIR");
    assertThat(rule("{\"prompt\": \"p\", \"completion\": \"c\"}")).isEqualTo("NO_PAIR");
    assertThat(rule("{\"prompt\": \"p\"}")).isEqualTo("NO_PAIR");
    assertThat(
            rule(
                """
                {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}
                """))
        .isEqualTo("NO_PAIR");
  }

  private static final String OWN =
      """
      {"id": "%s", "prompt": "p", "chosen": "x", "rejected": "y", "pair": "r2:q", \
      "prompt_key": "q", "round": %d, "status": "judged", "strength": -2, "a_left": false, \
      "grade_a_instruction_following": 2, "grade_a_concision": 1, "grade_a_truthfulness": %d, \
      "grade_a_harmlessness": 2, "reason": "why", "annotator": "%s", "active_ms": 1200, \
      "guideline_version": 4, "scripted": false, "created_at": "2026-01-02T03:04:05.678901Z", \
      "response_a_key": "q/1", "response_b_key": "q/2", "format_version": "1"}
      """;

  @Test
  void an_own_export_keeps_its_keys_round_slot_and_all_that_was_said() {
    BroughtPair pair = read(OWN.formatted("r2:q#5", 2, 0, "ann")).pairs().getFirst();
    assertThat(pair.pair()).isEqualTo("r2:q");
    assertThat(pair.keyA()).isEqualTo("q/1");
    assertThat(pair.textA()).isEqualTo("x");
    assertThat(pair.round()).isEqualTo(2);
    BroughtJudgement judgement = pair.judgement();
    assertThat(judgement.ordinal()).isEqualTo(5);
    assertThat(judgement.strength()).isEqualTo(-2);
    assertThat(judgement.gradesA()).isEqualTo(new Grades(2, 1, 0, 2));
    assertThat(judgement.gradesB()).isNull();
    assertThat(judgement.aLeft()).isFalse();
    assertThat(judgement.activeMs()).isEqualTo(1200);
    assertThat(judgement.guidelineVersion()).isEqualTo(4);
    assertThat(judgement.at()).isEqualTo("2026-01-02T03:04:05.678901Z");
  }

  @Test
  void what_was_withdrawn_comes_back_as_a_pair_alone() {
    String line = OWN.formatted("r2:q#5", 2, 0, "ann").replace("\"judged\"", "\"withdrawn\"");
    assertThat(rule(line)).isEqualTo("WITHDRAWN");
    assertThat(read(line, Purpose.PAIRS).pairs().getFirst().judgement()).isNull();
  }

  @Test
  void an_own_export_that_was_tampered_with_is_refused_by_rule_and_value() {
    assertThat(read(OWN.formatted("r2:q#5", -1, 0, "ann")).refusals())
        .containsExactly(new Refusal(1, "ROUND", "round must be 0..1000000, was -1"));
    assertThat(read(OWN.formatted("r2:q#5", 2, 9, "ann")).refusals())
        .containsExactly(new Refusal(1, "GRADE", "grade_a_truthfulness must be 0, 1 or 2, was 9"));
    assertThat(rule(OWN.formatted("r2:q#5", 2, 0, "a".repeat(121)))).isEqualTo("NAME_TOO_LONG");
    // A foreign id names no slot, and an impossible one is none.
    assertThat(read(OWN.formatted("other", 2, 0, "ann")).pairs().getFirst().judgement().ordinal())
        .isNull();
    assertThat(
            read(OWN.formatted("r2:q#99999", 2, 0, "ann")).pairs().getFirst().judgement().ordinal())
        .isNull();
  }

  @Test
  void pairs_alone_leave_what_was_said_of_them_aside() {
    assertThat(
            read("{\"prompt\": \"p\", \"chosen\": \"x\", \"rejected\": \"y\"}", Purpose.PAIRS)
                .pairs())
        .singleElement()
        .satisfies(pair -> assertThat(pair.judgement()).isNull());
  }

  private static final String ARGILLA =
      """
      {"id": "1", "status": "completed", "fields": {"prompt": "p", "response_a": "x", \
      "response_b": "y"}, "responses": {"preference": [\
      {"user_id": "u1", "status": "submitted", "value": "%s"}, \
      {"user_id": "u2", "status": "submitted", "value": "%s"}]}}
      """;

  @Test
  void each_person_of_a_labelling_tool_is_a_judgement() {
    BroughtRow row = read(ARGILLA.formatted("A", "B"));
    assertThat(row.pairs()).hasSize(2);
    assertThat(row.pairs()).extracting(BroughtRowTest::better).containsExactly("x", "y");
    assertThat(row.pairs())
        .extracting(pair -> pair.judgement().annotator())
        .containsExactly("u1", "u2");
  }

  @Test
  void a_tie_has_no_place_and_is_told_while_the_others_stay() {
    BroughtRow row = read(ARGILLA.formatted("A", "tie"));
    assertThat(row.pairs()).hasSize(1);
    assertThat(row.refusals())
        .containsExactly(
            new Refusal(1, "TIE", "'u2' says both are alike, which has no place here"));
  }
}
