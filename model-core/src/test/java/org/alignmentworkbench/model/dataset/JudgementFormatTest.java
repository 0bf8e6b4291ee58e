package org.alignmentworkbench.model.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.alignmentworkbench.model.dataset.DatasetReader.Settings;
import org.alignmentworkbench.model.dataset.Example.Choice;
import org.alignmentworkbench.model.dataset.Example.ComparedPair;
import org.alignmentworkbench.model.dataset.Example.Conversation;
import org.alignmentworkbench.model.dataset.Example.Demonstration;
import org.alignmentworkbench.model.dataset.Example.Form;
import org.alignmentworkbench.model.dataset.Example.Judged;
import org.alignmentworkbench.model.dataset.Example.Preference;
import org.alignmentworkbench.model.dataset.Example.Prompt;
import org.alignmentworkbench.model.dataset.Example.RatedCompletion;
import org.alignmentworkbench.model.dataset.Example.Verdict;
import org.alignmentworkbench.model.dataset.JudgedPair.Status;
import org.alignmentworkbench.model.dataset.RowOutcome.Accepted;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class JudgementFormatTest {
  private static final List<String> GRADES = List.of("a_concision", "b_concision");

  private static byte[] write(JudgementFormat format, List<JudgedPair> judgements) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JudgementWriter writer = format.open(out, GRADES)) {
      for (JudgedPair judgement : judgements) {
        assertThat(writer.write(judgement))
            .isEqualTo(format.withSkipped() || judgement.status() == Status.JUDGED);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String text(JudgementFormat format, List<JudgedPair> judgements) {
    return new String(write(format, judgements), StandardCharsets.UTF_8);
  }

  private static SequencedMap<String, Integer> grades(int a, int b) {
    return new LinkedHashMap<>(Map.of("a_concision", a, "b_concision", b));
  }

  private static JudgedPair judged(int strength) {
    return new JudgedPair(
        "p1/0",
        "p1",
        "q1",
        2,
        Status.JUDGED,
        "Why?",
        "Because.",
        "No idea.",
        "m1",
        "m2",
        strength,
        true,
        grades(2, 0),
        "=cmd",
        "ana",
        1500L,
        3,
        false,
        "2026-11-25T10:00:00Z");
  }

  private static JudgedPair skipped() {
    return new JudgedPair(
        "p1/ben",
        "p1",
        "q1",
        2,
        Status.SKIPPED,
        "Why?",
        "Because.",
        "No idea.",
        "m1",
        "m2",
        null,
        null,
        new LinkedHashMap<>(),
        "too hard",
        "ben",
        null,
        null,
        false,
        "2026-11-25T11:00:00Z");
  }

  /// Judgements with texts that formats are known to stumble over.
  private static List<JudgedPair> drawn(int count) {
    String[] awkward = {
      "plain",
      "with, comma",
      "\"quoted\"",
      "two\nlines",
      "win\r\nlines",
      " blanks ",
      "=1+1",
      "@x",
      "-5",
      "\ttab",
      "😀",
      "שלום",
      "a\u2028b",
      "\u202Eflip",
      "'",
      "''",
      "1",
      "true",
      "null",
      "{\"a\":1}",
      "[1]",
      "\n\nHuman: x",
      "a;b\tc",
      "é\u0301"
    };
    List<JudgedPair> judgements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      CounterStream stream = CounterStream.of(7, "judgements", 0, i);
      int strength = stream.below(0, 8) - 4;
      boolean skip = stream.below(1, 6) == 0;
      String one = awkward[stream.below(2, awkward.length)];
      judgements.add(
          new JudgedPair(
              "pair " + i / 3 + "/" + i,
              "pair " + i / 3,
              "prompt " + i / 6,
              i % 2,
              skip ? Status.SKIPPED : Status.JUDGED,
              awkward[(i / 3) % awkward.length] + "?",
              awkward[(i / 3 * 5 + 1) % awkward.length] + "!",
              awkward[(i / 3 * 7 + 2) % awkward.length],
              "a" + i / 3,
              "b" + i / 3,
              skip ? null : (Integer) (strength >= 0 ? strength + 1 : strength),
              skip ? null : (Boolean) (stream.below(3, 2) == 0),
              skip ? new LinkedHashMap<>() : grades(stream.below(4, 3), stream.below(5, 3)),
              stream.below(6, 2) == 0 ? "" : one,
              "person " + stream.below(7, 4),
              skip ? null : (Long) (long) stream.below(8, 100_000),
              skip ? null : (Integer) (1 + stream.below(9, 3)),
              stream.below(10, 2) == 0,
              "2026-11-%02dT10:00:00Z".formatted(1 + i % 28)));
    }
    return judgements;
  }

  @ParameterizedTest
  @EnumSource(
      names = {"TRL_PREFERENCE", "SOFT_LABEL", "CSV"},
      mode = Mode.INCLUDE)
  void what_is_exported_reads_back_the_same(JudgementFormat format) {
    List<JudgedPair> judgements = drawn(300);
    List<JudgedPair> expected =
        judgements.stream()
            .filter(judgement -> format.withSkipped() || judgement.status() == Status.JUDGED)
            .toList();
    List<JudgedPair> again =
        Outcomes.of(write(format, judgements), new Settings("x." + format.extension())).stream()
            .map(outcome -> {
              assertThat(outcome).isInstanceOf(Accepted.class);
              return ((Judged) ((Accepted) outcome).example()).judgement();
            })
            .toList();
    assertThat(again).isEqualTo(expected);
  }

  @Test
  void label_studio_tasks_read_back_with_every_judgement() {
    List<JudgedPair> judgements = drawn(300);
    List<RowOutcome> outcomes =
        Outcomes.of(write(JudgementFormat.LABEL_STUDIO, judgements), new Settings("x.json"));
    assertThat(outcomes).hasSize(100);
    for (int t = 0; t < 100; t++) {
      Accepted row = (Accepted) outcomes.get(t);
      ComparedPair pair = (ComparedPair) row.example();
      for (int k = 0; k < 3; k++) {
        JudgedPair expected = judgements.get(3 * t + k);
        Verdict verdict = pair.verdicts().get(k);
        assertThat(pair.prompt()).isEqualTo(expected.prompt());
        assertThat(pair.first()).isEqualTo(expected.responseA());
        assertThat(pair.second()).isEqualTo(expected.responseB());
        assertThat(row.metadata().text("pair")).isEqualTo(expected.pair());
        assertThat(row.metadata().text("response_b_key")).isEqualTo(expected.responseBKey());
        assertThat(verdict.annotator()).isEqualTo(expected.annotator());
        assertThat(verdict.skipped()).isEqualTo(expected.status() == Status.SKIPPED);
        assertThat(verdict.strength()).isEqualTo(expected.strength());
        assertThat(verdict.reason()).isEqualTo(expected.reason());
        assertThat(verdict.createdAt()).isEqualTo(expected.createdAt());
        if (expected.strength() != null) {
          assertThat(verdict.choice())
              .isEqualTo(expected.strength() < 0 ? Choice.FIRST : Choice.SECOND);
          assertThat(verdict.ratings().get("grade_a_concision").intValue())
              .isEqualTo(expected.grades().get("a_concision"));
          assertThat(verdict.seconds()).isEqualTo(expected.activeMs() / 1000.0);
          assertThat(verdict.details().number("guideline_version").intValue())
              .isEqualTo(expected.guidelineVersion());
        }
        assertThat(verdict.details().text("id")).isEqualTo(expected.id());
      }
    }
  }

  @Test
  void trl_reads_prompt_chosen_and_rejected_as_turns() {
    JsonObject row =
        JsonParser.parseString(text(JudgementFormat.TRL_PREFERENCE, List.of(judged(-3))))
            .getAsJsonObject();
    assertThat(row.getAsJsonArray("prompt"))
        .isEqualTo(JsonParser.parseString("[{\"role\":\"user\",\"content\":\"Why?\"}]"));
    assertThat(row.getAsJsonArray("chosen"))
        .isEqualTo(JsonParser.parseString("[{\"role\":\"assistant\",\"content\":\"Because.\"}]"));
    assertThat(row.getAsJsonArray("rejected"))
        .isEqualTo(JsonParser.parseString("[{\"role\":\"assistant\",\"content\":\"No idea.\"}]"));
    assertThat(row.get("strength").getAsInt()).isEqualTo(-3);
    JsonObject other =
        JsonParser.parseString(text(JudgementFormat.TRL_PREFERENCE, List.of(judged(2))))
            .getAsJsonObject();
    assertThat(other.getAsJsonArray("chosen")).isEqualTo(row.getAsJsonArray("rejected"));
  }

  @Test
  void every_row_has_the_same_keys() {
    for (JudgementFormat format :
        List.of(JudgementFormat.TRL_PREFERENCE, JudgementFormat.KTO, JudgementFormat.SOFT_LABEL)) {
      assertThat(
              text(format, drawn(60))
                  .lines()
                  .map(line -> List.copyOf(JsonParser.parseString(line).getAsJsonObject().keySet()))
                  .distinct())
          .as("%s", format)
          .hasSize(1);
    }
  }

  @Test
  void kto_has_two_rows_a_judgement() {
    List<String> lines = text(JudgementFormat.KTO, List.of(judged(-1), skipped())).lines().toList();
    assertThat(lines).hasSize(2);
    List<RowOutcome> outcomes =
        Outcomes.of(write(JudgementFormat.KTO, List.of(judged(-1))), new Settings("x.jsonl"));
    assertThat(((Accepted) outcomes.get(0)).example())
        .isEqualTo(
            new RatedCompletion(
                Form.MESSAGES,
                List.of(Turn.user("Why?")),
                List.of(Turn.assistant("Because.")),
                true));
    assertThat(((RatedCompletion) ((Accepted) outcomes.get(1)).example()).desirable()).isFalse();
  }

  /// The four probabilities of the 2024 Apple foundation-model report.
  @Test
  void soft_labels() {
    double[] expected = {0.65, 0.75, 0.85, 0.95};
    for (int strength = 1; strength <= 4; strength++) {
      assertThat(SoftLabel.of(strength)).isEqualTo(expected[strength - 1]);
      assertThat(SoftLabel.of(-strength)).isEqualTo(expected[strength - 1]);
      JsonObject row =
          JsonParser.parseString(text(JudgementFormat.SOFT_LABEL, List.of(judged(-strength))))
              .getAsJsonObject();
      assertThat(row.get("probability").getAsDouble()).isEqualTo(expected[strength - 1]);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SoftLabel.of(0))
        .withMessage("strength must be -4..-1 or 1..4, was 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=1+1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "\uFF1D1", "\uFF0B1", "\uFF0D1", "\uFF201"
      })
  void a_spreadsheet_gets_no_formula(String formula) throws IOException {
    StringWriter out = new StringWriter();
    try (CsvWriter csv = new CsvWriter(out, CsvWriter.Reader.SPREADSHEET)) {
      csv.record(List.of(new JsonString(formula), JsonNumber.of(-4L)));
    }
    String cell = out.toString().substring(1).replaceFirst("^\"", "");
    assertThat(cell).startsWith("'" + formula.charAt(0));
    assertThat(out.toString()).startsWith("\uFEFF").endsWith(",-4\r\n");
    StringWriter plain = new StringWriter();
    try (CsvWriter csv = new CsvWriter(plain, CsvWriter.Reader.PROGRAM)) {
      csv.record(List.of(new JsonString(formula)));
    }
    assertThat(plain.toString().replaceFirst("^\"", "")).startsWith(formula);
  }

  private static JudgedPair withdrawn() {
    JudgedPair said = judged(-3);
    return new JudgedPair(
        "p1/0/withdrawn-7",
        said.pair(),
        said.promptKey(),
        said.round(),
        Status.WITHDRAWN,
        said.prompt(),
        said.responseA(),
        said.responseB(),
        said.responseAKey(),
        said.responseBKey(),
        said.strength(),
        said.aLeft(),
        said.grades(),
        said.reason(),
        said.annotator(),
        said.activeMs(),
        said.guidelineVersion(),
        said.scripted(),
        said.createdAt(),
        null,
        new JudgedPair.Withdrawal("2026-11-26T09:00:00Z", "lena", "lead", "=clicked through"),
        null);
  }

  /// A judgement that counts no more must not be learnt, whoever writes it to what.
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "PARQUET")
  void what_was_withdrawn_is_in_tables_alone(JudgementFormat format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JudgementWriter writer = format.open(out, GRADES)) {
      assertThat(writer.write(withdrawn())).isEqualTo(format.withWithdrawn());
      assertThat(writer.write(judged(2))).isTrue();
    }
    String file = out.toString(StandardCharsets.UTF_8);
    if (format.withWithdrawn()) {
      assertThat(file).contains(",withdrawn,-3,", "2026-11-26T09:00:00Z,lena,lead,");
    } else {
      assertThat(file).doesNotContain("withdrawn", "clicked through");
    }
  }

  @Test
  void a_withdrawn_judgement_reads_back_as_one() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JudgementWriter writer = JudgementFormat.CSV.open(out, GRADES)) {
      assertThat(writer.write(withdrawn())).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Accepted row = (Accepted) Outcomes.of(out.toByteArray(), new Settings("x.csv")).getFirst();
    assertThat(((Judged) row.example()).judgement()).isEqualTo(withdrawn());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"TRL_PREFERENCE", "SOFT_LABEL", "CSV"},
      mode = Mode.INCLUDE)
  void the_language_of_a_prompt_reads_back(JudgementFormat format) {
    JudgedPair said = judged(-3);
    JudgedPair german =
        new JudgedPair(
            said.id(),
            said.pair(),
            said.promptKey(),
            said.round(),
            said.status(),
            said.prompt(),
            said.responseA(),
            said.responseB(),
            said.responseAKey(),
            said.responseBKey(),
            said.strength(),
            said.aLeft(),
            said.grades(),
            said.reason(),
            said.annotator(),
            said.activeMs(),
            said.guidelineVersion(),
            said.scripted(),
            said.createdAt(),
            null,
            null,
            "de-at");
    Accepted again =
        (Accepted)
            Outcomes.of(write(format, List.of(german)), new Settings("x." + format.extension()))
                .getFirst();
    assertThat(((Judged) again.example()).judgement()).isEqualTo(german);
  }

  /// The judge said A by 3, the lead that no preference can be had: both are there.
  @Test
  void what_a_lead_decided_stands_beside_what_the_judge_said() {
    JudgedPair said = judged(-3);
    JudgedPair decided =
        new JudgedPair(
            said.id(),
            said.pair(),
            said.promptKey(),
            said.round(),
            said.status(),
            said.prompt(),
            said.responseA(),
            said.responseB(),
            said.responseAKey(),
            said.responseBKey(),
            said.strength(),
            said.aLeft(),
            said.grades(),
            said.reason(),
            said.annotator(),
            said.activeMs(),
            said.guidelineVersion(),
            said.scripted(),
            said.createdAt(),
            new JudgedPair.Decision(null, "lena", "=both fail"),
            null,
            null);
    assertThat(text(JudgementFormat.SPREADSHEET, List.of(decided)))
        .contains(",judged,-3,", ",true,,lena,'=both fail,3,");
    for (JudgementFormat format :
        List.of(JudgementFormat.SOFT_LABEL, JudgementFormat.LABEL_STUDIO)) {
      assertThat(text(format, List.of(decided)))
          .contains("\"decided\":true", "\"decided_strength\":null", "\"decided_by\":\"lena\"");
    }
  }

  @Test
  void the_spreadsheet_and_the_programs_file_differ_in_nothing_else() {
    List<JudgedPair> judgements = List.of(judged(-3), skipped());
    String program = text(JudgementFormat.CSV, judgements);
    String spreadsheet = text(JudgementFormat.SPREADSHEET, judgements);
    assertThat(spreadsheet)
        .startsWith(
            "\uFEFFid,prompt,response_a,response_b,pair,prompt_key,language,round,status,strength");
    assertThat(spreadsheet.substring(1).replace("'=cmd", "=cmd")).isEqualTo(program);
    assertThat(program.lines())
        .containsExactly(
            "id,prompt,response_a,response_b,pair,prompt_key,language,round,status,strength,a_left,grade_a_concision,"
                + "grade_b_concision,reason,annotator,active_ms,guideline_version,scripted,created_at,"
                + "response_a_key,response_b_key,decided,decided_strength,decided_by,decided_reason,"
                + "format_version,withdrawn_at,withdrawn_by,withdrawn_why,withdrawn_note",
            "p1/0,Why?,Because.,No idea.,p1,q1,,2,judged,-3,true,2,0,=cmd,ana,1500,3,false,"
                + "2026-11-25T10:00:00Z,m1,m2,false,,,,3,,,,",
            "p1/ben,Why?,Because.,No idea.,p1,q1,,2,skipped,,,,,too hard,ben,,,false,"
                + "2026-11-25T11:00:00Z,m1,m2,false,,,,3,,,,");
  }

  @Test
  void nothing_to_export_is_still_a_file() {
    assertThat(text(JudgementFormat.CSV, List.of()).lines()).hasSize(1);
    assertThat(text(JudgementFormat.TRL_PREFERENCE, List.of())).isEmpty();
    assertThat(JsonParser.parseString(text(JudgementFormat.LABEL_STUDIO, List.of())))
        .isEqualTo(new JsonArray());
  }

  @Test
  void examples_read_back_the_same_from_their_lines() {
    List<Turn> prompt = List.of(new Turn(Turn.Role.SYSTEM, "Be kind."), Turn.user(" q\n"));
    List<Turn> answer = List.of(Turn.assistant("=a \u2028 😀"));
    List<Turn> text = List.of(Turn.user("q"));
    for (Example example :
        List.of(
            new Prompt(Form.MESSAGES, prompt),
            new Prompt(Form.TEXT, text),
            new Conversation(List.of(Turn.user("q"), Turn.assistant("a"))),
            new Demonstration(Form.MESSAGES, prompt, answer),
            new Demonstration(Form.TEXT, text, answer),
            new Preference(Form.MESSAGES, prompt, answer, List.of(Turn.assistant("b"))),
            new Preference(Form.TEXT, text, answer, List.of(Turn.assistant("b"))),
            new RatedCompletion(Form.TEXT, text, answer, true),
            new RatedCompletion(Form.MESSAGES, prompt, answer, false))) {
      String line = JsonText.of(ExampleText.of("7", example).build());
      Accepted row = (Accepted) Outcomes.of(line, "x.jsonl").getFirst();
      assertThat(row.example()).isEqualTo(example);
      assertThat(row.id()).isEqualTo("7");
    }
  }

  @Test
  void impossible_judgements_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> judged(0))
        .withMessage("judgement p1/0: the strength must not be 0");
    String line = text(JudgementFormat.CSV, List.of(judged(2)));
    assertThat(Outcomes.of(line.replace(",judged,2,", ",judged,5,"), "x.csv").getFirst())
        .isEqualTo(
            new RowOutcome.Refused(2, Code.WRONG_TYPE, "strength must be -4..-1 or 1..4, was 5"));
    assertThat(Outcomes.of(line.replace(",judged,", ",maybe,"), "x.csv").getFirst())
        .isEqualTo(
            new RowOutcome.Refused(
                2, Code.WRONG_TYPE, "status must be judged, skipped or withdrawn, was \"maybe\""));
  }
}
