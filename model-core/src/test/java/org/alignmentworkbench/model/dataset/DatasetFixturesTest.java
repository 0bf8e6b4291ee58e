package org.alignmentworkbench.model.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.alignmentworkbench.model.dataset.DatasetReader.Settings;
import org.alignmentworkbench.model.dataset.Example.Choice;
import org.alignmentworkbench.model.dataset.Example.ComparedPair;
import org.alignmentworkbench.model.dataset.Example.Conversation;
import org.alignmentworkbench.model.dataset.Example.Demonstration;
import org.alignmentworkbench.model.dataset.Example.Form;
import org.alignmentworkbench.model.dataset.Example.Preference;
import org.alignmentworkbench.model.dataset.Example.RatedCompletion;
import org.alignmentworkbench.model.dataset.Example.Verdict;
import org.alignmentworkbench.model.dataset.RowOutcome.Accepted;
import org.alignmentworkbench.model.dataset.RowOutcome.FileRefused;
import org.alignmentworkbench.model.dataset.RowOutcome.Refused;
import org.alignmentworkbench.model.dataset.RowOutcome.Skipped;
import org.alignmentworkbench.model.dataset.Turn.Role;
import org.alignmentworkbench.model.statistics.Figures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every row of every fixture comes to what `expected.json` says.
class DatasetFixturesTest {
  private static final JsonObject EXPECTED =
      Figures.json("datasets/expected.json").getAsJsonObject();

  static Stream<String> goodFiles() {
    return EXPECTED.keySet().stream().filter(name -> EXPECTED.getAsJsonObject(name).has("format"));
  }

  static Stream<String> brokenFiles() {
    return EXPECTED.keySet().stream().filter(name -> name.startsWith("broken/"));
  }

  private static List<RowOutcome> read(String name) {
    try (InputStream file =
            DatasetFixturesTest.class.getResourceAsStream("/fixtures/datasets/" + name);
        DatasetReader reader = DatasetReader.open(file, new Settings(name))) {
      return Outcomes.all(reader);
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  private static List<Accepted> accepted(String name) {
    return read(name).stream().map(Accepted.class::cast).toList();
  }

  private static JsonArray source(String name) throws IOException {
    try (InputStream file =
        DatasetFixturesTest.class.getResourceAsStream("/fixtures/datasets/" + name)) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      if (text.startsWith("[")) {
        return JsonParser.parseString(text).getAsJsonArray();
      }
      JsonArray rows = new JsonArray();
      text.lines().forEach(line -> rows.add(JsonParser.parseString(line)));
      return rows;
    }
  }

  @ParameterizedTest
  @MethodSource("goodFiles")
  void good_files_are_taken_whole(String name) throws IOException {
    JsonObject expected = EXPECTED.getAsJsonObject(name);
    try (InputStream file =
            DatasetFixturesTest.class.getResourceAsStream("/fixtures/datasets/" + name);
        DatasetReader reader = DatasetReader.open(file, new Settings(name))) {
      List<RowOutcome> outcomes = Outcomes.all(reader);
      assertThat(outcomes)
          .hasSize(expected.get("accepted").getAsInt())
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
      assertThat(reader.shape().title()).isEqualTo(expected.get("format").getAsString());
    }
  }

  @ParameterizedTest
  @MethodSource("brokenFiles")
  void every_row_of_a_broken_file_is_judged_as_written_down(String name) {
    JsonObject expected = EXPECTED.getAsJsonObject(name);
    List<String> rows = new ArrayList<>();
    for (JsonElement element : expected.getAsJsonArray("rows")) {
      JsonObject row = element.getAsJsonObject();
      String code = row.get("code").isJsonNull() ? "" : row.get("code").getAsString();
      rows.add(row.get("row").getAsString() + " " + row.get("outcome").getAsString() + " " + code);
    }
    List<String> actual = new ArrayList<>();
    for (RowOutcome outcome : read(name)) {
      actual.add(
          switch (outcome) {
            case Accepted a ->
                a.row()
                    + " accepted "
                    + (a.warnings().isEmpty() ? "" : a.warnings().getFirst().name());
            case Refused r -> r.row() + " rejected " + r.code();
            case Skipped s -> s.row() + " skipped " + s.code();
            case FileRefused f -> "file rejected " + f.code();
          });
    }
    if (expected.get("file_outcome").getAsString().equals("rejected")) {
      assertThat(actual.getLast()).isEqualTo(rows.getFirst());
    } else {
      assertThat(actual).isEqualTo(rows);
    }
  }

  @ParameterizedTest
  @MethodSource("brokenFiles")
  void every_refusal_names_the_place(String name) {
    for (RowOutcome outcome : read(name)) {
      switch (outcome) {
        case Refused refused -> assertThat(refused.reason()).hasSizeGreaterThan(10);
        case FileRefused refused -> assertThat(refused.reason()).hasSizeGreaterThan(10);
        case Accepted _, Skipped _ -> {}
      }
    }
  }

  @Test
  void reasons_are_sentences_about_the_row() {
    assertThat(read("broken/missing-fields.jsonl").get(3))
        .isEqualTo(new Refused(4, Code.MISSING_FIELD, "messages[0].content is missing"));
    assertThat(read("broken/roles.jsonl").get(6))
        .isEqualTo(
            new Refused(
                7,
                Code.UNKNOWN_ROLE,
                "messages[0].role must be one of assistant, system, user, was \"User\""));
    assertThat(read("broken/json-faults.jsonl").get(9))
        .isEqualTo(new Refused(10, Code.DUPLICATE_KEY, "column 11: the name \"id\" occurs twice"));
    assertThat(read("broken/bad-utf8.jsonl").get(1))
        .isEqualTo(new Refused(2, Code.INVALID_UTF8, "byte 54 is no UTF-8"));
    assertThat(read("broken/trailing-comma.json").getLast())
        .isEqualTo(
            new FileRefused(4, Code.INVALID_JSON, "line 4: a comma before the closing bracket"));
  }

  /// Ten megabytes on one line between two good rows.
  @Test
  void a_huge_line_is_passed_over() throws IOException {
    String good =
        """
        {"messages":[{"role":"user","content":"%s"},{"role":"assistant","content":"b"}]}
        """;
    String text =
        good.formatted("one")
            + "{\"x\":\""
            + "a".repeat(10_000_000)
            + "\"}\n"
            + good.formatted("two");
    try (DatasetReader reader =
        DatasetReader.open(
            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
            new Settings("huge-line.jsonl"))) {
      List<RowOutcome> outcomes = Outcomes.all(reader);
      assertThat(outcomes).hasSize(3);
      assertThat(outcomes.get(0)).isInstanceOf(Accepted.class);
      assertThat(outcomes.get(1))
          .isEqualTo(
              new Refused(
                  2, Code.LINE_TOO_LONG, "the line has 10000008 bytes, the limit is 1048576"));
      assertThat(((Accepted) outcomes.get(2)).row()).isEqualTo(3);
    }
  }

  @Test
  void messages_keep_every_turn_and_unknown_fields() throws IOException {
    JsonObject expected = EXPECTED.getAsJsonObject("sft.jsonl");
    List<Accepted> rows = accepted("sft.jsonl");
    JsonArray source = source("sft.jsonl");
    int turns = 0;
    int withSystem = 0;
    Map<String, Integer> categories = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      Conversation conversation = (Conversation) rows.get(i).example();
      JsonArray messages = source.get(i).getAsJsonObject().getAsJsonArray("messages");
      assertThat(conversation.turns()).hasSize(messages.size());
      for (int t = 0; t < messages.size(); t++) {
        JsonObject message = messages.get(t).getAsJsonObject();
        assertThat(conversation.turns().get(t))
            .isEqualTo(
                new Turn(
                    Role.valueOf(message.get("role").getAsString().toUpperCase(Locale.ROOT)),
                    message.get("content").getAsString()));
      }
      turns += messages.size();
      withSystem += conversation.turns().getFirst().role() == Role.SYSTEM ? 1 : 0;
      categories.merge(rows.get(i).metadata().text("category"), 1, Integer::sum);
      assertThat(rows.get(i).id())
          .isEqualTo(source.get(i).getAsJsonObject().get("id").getAsString());
    }
    assertThat(turns).isEqualTo(expected.get("messages_total").getAsInt());
    assertThat(withSystem).isEqualTo(expected.get("with_system").getAsInt());
    for (String category : expected.getAsJsonObject("by_category").keySet()) {
      assertThat(categories.get(category))
          .isEqualTo(expected.getAsJsonObject("by_category").get(category).getAsInt());
    }
  }

  @Test
  void sharegpt_and_alpaca_are_the_same_dialogues_as_their_messages() throws IOException {
    List<Accepted> messages = accepted("sft.jsonl");
    List<Accepted> sharegpt = accepted("sharegpt.jsonl");
    for (int i = 0; i < sharegpt.size(); i++) {
      // The generator took the same 40 tasks for both; system and later turns differ by format.
      List<Turn> one = ((Conversation) messages.get(i).example()).turns();
      List<Turn> other = ((Conversation) sharegpt.get(i).example()).turns();
      int user = one.getFirst().role() == Role.SYSTEM ? 1 : 0;
      int human = other.getFirst().role() == Role.SYSTEM ? 1 : 0;
      assertThat(other.subList(human, human + 2)).isEqualTo(one.subList(user, user + 2));
    }
    List<Accepted> alpaca = accepted("alpaca.json");
    JsonArray source = source("alpaca.json");
    for (int i = 0; i < alpaca.size(); i++) {
      JsonObject row = source.get(i).getAsJsonObject();
      String input = row.get("input").getAsString();
      assertThat(alpaca.get(i).example())
          .isEqualTo(
              new Conversation(
                  List.of(
                      Turn.user(
                          row.get("instruction").getAsString()
                              + (input.isEmpty() ? "" : "\n\n" + input)),
                      Turn.assistant(row.get("output").getAsString()))));
    }
  }

  @Test
  void completions_keep_their_leading_blank() throws IOException {
    JsonArray source = source("prompt-completion.jsonl");
    List<Accepted> rows = accepted("prompt-completion.jsonl");
    for (int i = 0; i < rows.size(); i++) {
      Demonstration row = (Demonstration) rows.get(i).example();
      JsonObject written = source.get(i).getAsJsonObject();
      if (i % 2 == 1) {
        assertThat(row.form()).isEqualTo(Form.TEXT);
        assertThat(row.completion())
            .containsExactly(Turn.assistant(written.get("completion").getAsString()));
        assertThat(row.completion().getFirst().content()).startsWith(" ");
      } else {
        assertThat(row.form()).isEqualTo(Form.MESSAGES);
        assertThat(row.completion().getFirst().content())
            .isEqualTo(
                written
                    .getAsJsonArray("completion")
                    .get(0)
                    .getAsJsonObject()
                    .get("content")
                    .getAsString());
      }
    }
  }

  @Test
  void implied_prompts_are_split_as_trl_does() {
    List<Accepted> rows = accepted("preference.jsonl");
    int compared = 0;
    for (JsonElement element : Figures.json("datasets/preference-implicit.json").getAsJsonArray()) {
      JsonObject expected = element.getAsJsonObject();
      if (expected.get("row").isJsonNull()) {
        continue;
      }
      Preference row = (Preference) rows.get(expected.get("row").getAsInt()).example();
      JsonObject trl = expected.getAsJsonObject("trl");
      assertThat(row.prompt()).isEqualTo(turns(trl.get("prompt"), Role.USER));
      assertThat(row.chosen()).isEqualTo(turns(trl.get("chosen"), Role.ASSISTANT));
      assertThat(row.rejected()).isEqualTo(turns(trl.get("rejected"), Role.ASSISTANT));
      compared++;
    }
    assertThat(compared).isEqualTo(30);
  }

  private static List<Turn> turns(JsonElement side, Role role) {
    if (side.isJsonPrimitive()) {
      return List.of(new Turn(role, side.getAsString()));
    }
    return side.getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(turn ->
            new Turn(
                Role.valueOf(turn.get("role").getAsString().toUpperCase(Locale.ROOT)),
                turn.get("content").getAsString()))
        .toList();
  }

  /// Where TRL's rule reads before the text, the row is refused instead.
  @Test
  void odd_pairs_are_split_as_trl_does_or_refused() throws IOException {
    for (JsonElement element : Figures.json("datasets/preference-implicit.json").getAsJsonArray()) {
      JsonObject pair = element.getAsJsonObject();
      if (!pair.get("row").isJsonNull()) {
        continue;
      }
      String chosen = pair.get("chosen_in").getAsString();
      String rejected = pair.get("rejected_in").getAsString();
      JsonObject line = new JsonObject();
      line.addProperty("chosen", chosen);
      line.addProperty("rejected", rejected);
      RowOutcome outcome;
      try (DatasetReader reader =
          DatasetReader.open(
              new ByteArrayInputStream(line.toString().getBytes(StandardCharsets.UTF_8)),
              new Settings("odd.jsonl"))) {
        outcome = reader.next();
      }
      switch (chosen + "|" + rejected) {
        case "same|same" ->
            assertThat(((Refused) outcome).code()).isEqualTo(Code.CHOSEN_EQUALS_REJECTED);
        case "x y|z y ", "ends |Xnds" ->
            assertThat(((Refused) outcome).code()).isEqualTo(Code.NO_COMMON_PROMPT);
        default -> {
          assertThat(((Accepted) outcome).warnings().contains(Code.WARN_ANSWER_CUT_SHORT))
              .isEqualTo(chosen.startsWith("abc"));
          Preference row = (Preference) ((Accepted) outcome).example();
          JsonObject trl = pair.getAsJsonObject("trl");
          assertThat(row.prompt()).isEqualTo(turns(trl.get("prompt"), Role.USER));
          assertThat(row.chosen()).isEqualTo(turns(trl.get("chosen"), Role.ASSISTANT));
          assertThat(row.rejected()).isEqualTo(turns(trl.get("rejected"), Role.ASSISTANT));
        }
      }
    }
  }

  @Test
  void hh_rlhf_dialogues_have_four_turns_a_side() {
    for (Accepted row : accepted("hh-rlhf.jsonl")) {
      Preference preference = (Preference) row.example();
      assertThat(preference.prompt()).hasSize(3);
      assertThat(preference.chosen()).containsExactly(Turn.assistant("Yes, that is right."));
      assertThat(preference.rejected().getFirst().content())
          .isIn("No idea.", "Perhaps, ask someone else.");
    }
    Preference quoting =
        (Preference) ((Accepted) read("broken/hh-faults.jsonl").getLast()).example();
    assertThat(quoting.prompt()).containsExactly(Turn.user("it said \"Human: yes\" ok"));
  }

  @Test
  void kto_labels_are_kept() {
    long desirable =
        accepted("kto.jsonl").stream()
            .filter(row -> ((RatedCompletion) row.example()).desirable())
            .count();
    assertThat(desirable)
        .isEqualTo(EXPECTED.getAsJsonObject("kto.jsonl").get("label_true").getAsInt());
  }

  @Test
  void argilla_judgements_of_completed_records_alone() throws IOException {
    JsonArray source = source("argilla-export.json");
    List<Accepted> rows = accepted("argilla-export.json");
    for (int i = 0; i < rows.size(); i++) {
      JsonObject record = source.get(i).getAsJsonObject();
      ComparedPair pair = (ComparedPair) rows.get(i).example();
      assertThat(pair.first())
          .isEqualTo(record.getAsJsonObject("fields").get("response_a").getAsString());
      List<String> expected = new ArrayList<>();
      if (record.get("status").getAsString().equals("completed")) {
        for (JsonElement response :
            record.getAsJsonObject("responses").getAsJsonArray("preference")) {
          JsonObject given = response.getAsJsonObject();
          expected.add(given.get("user_id").getAsString() + " " + given.get("value").getAsString());
        }
      }
      assertThat(
              pair.verdicts().stream()
                  .map(verdict ->
                      verdict.annotator()
                          + " "
                          + switch (verdict.choice()) {
                            case FIRST -> "a";
                            case SECOND -> "b";
                            case TIE -> "tie";
                          }))
          .containsExactlyElementsOf(expected);
      assertThat(rows.get(i).metadata().has("suggestions")).isTrue();
    }
  }

  @Test
  void label_studio_annotations_with_ratings_and_cancelled_ones_as_skipped() throws IOException {
    JsonArray source = source("label-studio-export.json");
    List<Accepted> rows = accepted("label-studio-export.json");
    int skipped = 0;
    for (int i = 0; i < rows.size(); i++) {
      ComparedPair pair = (ComparedPair) rows.get(i).example();
      JsonArray annotations = source.get(i).getAsJsonObject().getAsJsonArray("annotations");
      assertThat(pair.verdicts()).hasSize(annotations.size());
      for (int k = 0; k < annotations.size(); k++) {
        JsonObject annotation = annotations.get(k).getAsJsonObject();
        Verdict verdict = pair.verdicts().get(k);
        assertThat(verdict.annotator()).isEqualTo(annotation.get("completed_by").getAsString());
        assertThat(verdict.seconds()).isEqualTo(annotation.get("lead_time").getAsDouble());
        if (annotation.get("was_cancelled").getAsBoolean()) {
          assertThat(verdict.skipped()).isTrue();
          skipped++;
          continue;
        }
        JsonArray results = annotation.getAsJsonArray("result");
        assertThat(verdict.choice())
            .isEqualTo(
                results
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonObject("value")
                        .get("selected")
                        .getAsString()
                        .equals("left")
                    ? Choice.FIRST
                    : Choice.SECOND);
        assertThat(verdict.ratings().get("quality"))
            .isEqualTo(
                results
                    .get(1)
                    .getAsJsonObject()
                    .getAsJsonObject("value")
                    .get("rating")
                    .getAsDouble());
      }
    }
    assertThat(skipped).isPositive();
  }
}
