package org.alignmentworkbench.model.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonBoolean;
import org.alignmentworkbench.model.dataset.json.JsonFault;
import org.alignmentworkbench.model.dataset.json.JsonFault.Kind;
import org.alignmentworkbench.model.dataset.json.JsonNull;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.alignmentworkbench.model.random.CounterStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {

  private static JsonFault fault(String text) {
    return catchThrowableOfType(JsonFault.class, () -> JsonText.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "[1,]",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "{\"a\" 1}",
        "{\"a\":}",
        "[1 2]",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "-",
        "01",
        "1.",
        ".5",
        "1e",
        "+1",
        "0x1",
        "\"",
        "\"\\\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12G4\"",
        "\"a\tb\"",
        "\"a\nb\"",
        "1 2",
        "{} {}",
        "// comment",
        "[1] // comment",
        "\u00a01",
        "\"\\u00\u0661\u0661\""
      })
  void breaks_of_the_grammar(String text) {
    assertThat(fault(text)).isNotNull().extracting(JsonFault::kind).isEqualTo(Kind.SYNTAX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[1,]|1|4|expected a value, but there is ']'",
        "{\"a\":1 \"b\":2}|1|8|expected a comma or a closing brace, but there is '\"'",
        "[\"ab|1|5|expected a closing quote, but the text ends",
        "[\"😀\",x]|1|6|expected a value, but there is 'x'"
      })
  void a_fault_names_line_column_and_what_was_expected(
      String text, int line, int column, String message) {
    JsonFault fault = fault(text);
    assertThat(fault).hasMessage(message);
    assertThat(fault.line()).isEqualTo(line);
    assertThat(fault.column()).isEqualTo(column);
  }

  @Test
  void lines_are_counted() {
    JsonFault fault = fault("[1,\n 2,\n x]");
    assertThat(fault.line()).isEqualTo(3);
    assertThat(fault.column()).isEqualTo(2);
  }

  @Test
  void other_faults_give_way_to_breaks_of_the_grammar() {
    assertThat(fault("{\"a\":1,\"a\":2}").kind()).isEqualTo(Kind.DUPLICATE_KEY);
    assertThat(fault("{\"a\":1,\"a\":2").kind()).isEqualTo(Kind.SYNTAX);
    assertThat(fault("{\"a\":{\"b\":1,\"b\":1}}").kind()).isEqualTo(Kind.DUPLICATE_KEY);
    assertThat(fault("{\"\\u0061\":1,\"a\":2}").kind())
        .as("escapes do not hide a name")
        .isEqualTo(Kind.DUPLICATE_KEY);
    assertThat(fault("\"\\ud800\"").kind()).isEqualTo(Kind.LONE_SURROGATE);
    assertThat(fault("\"\\udc00\\ud800\"").kind()).isEqualTo(Kind.LONE_SURROGATE);
    assertThat(fault("\"\\ud800\\u0041\"").kind()).isEqualTo(Kind.LONE_SURROGATE);
    assertThat(fault("\"\\u0000\"").kind()).isEqualTo(Kind.CONTROL_CHARACTER);
    assertThat(fault("\"\\b\"").kind()).isEqualTo(Kind.CONTROL_CHARACTER);
    assertThat(fault("\"\\u0000\"").column()).isEqualTo(2);
  }

  @Test
  void nesting_is_limited_whatever_the_stack() throws JsonFault {
    String deepest = "[".repeat(JsonText.DEEPEST) + "]".repeat(JsonText.DEEPEST);
    assertThat(JsonText.of(JsonText.parse(deepest))).isEqualTo(deepest);
    assertThat(fault("[" + deepest + "]").kind()).isEqualTo(Kind.NESTING);
    assertThat(fault("[".repeat(1_000_000)).kind()).isEqualTo(Kind.NESTING);
    assertThat(fault("{\"a\":".repeat(100_000)).kind()).isEqualTo(Kind.NESTING);
  }

  @Test
  void numbers_keep_their_text() throws JsonFault {
    for (String number :
        List.of("0", "-0", "1.50", "1e400", "123456789012345678901234567890", "2E+3")) {
      assertThat(JsonText.of(JsonText.parse(number))).isEqualTo(number);
    }
    assertThat(new JsonNumber("1e3").asLongOrNull()).isEqualTo(1000);
    assertThat(new JsonNumber("1.5").asLongOrNull()).isNull();
    assertThat(new JsonNumber("1e400").asLongOrNull()).isNull();
    assertThat(JsonNumber.of(0.95).literal()).isEqualTo("0.95");
    assertThat(JsonNumber.of(3.0).literal()).isEqualTo("3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new JsonNumber("NaN"))
        .withMessage("not a JSON number: NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JsonNumber.of(Double.NaN))
        .withMessage("JSON has no number for NaN");
  }

  @Test
  void line_separators_are_escaped_for_programs_that_split_there() throws JsonFault {
    String text = JsonText.of(new JsonString("a\u2028b\u2029c\u0001\"\\\n\r\t/é😀"));
    assertThat(text).isEqualTo("\"a\\u2028b\\u2029c\\u0001\\\"\\\\\\n\\r\\t/é😀\"");
    assertThat(JsonText.parse("\"\\/\\u00e9\\ud83d\\ude00\"")).isEqualTo(new JsonString("/é😀"));
  }

  private static JsonValue drawn(CounterStream stream, int[] at, int depth) {
    return switch (stream.below(at[0]++, depth > 4 ? 4 : 6)) {
      case 0 -> JsonNull.NULL;
      case 1 -> stream.below(at[0]++, 2) == 0 ? JsonBoolean.TRUE : JsonBoolean.FALSE;
      case 2 -> JsonNumber.of(stream.normal(at[0]++) * 1000);
      case 3 -> new JsonString(text(stream, at));
      case 4 -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int n = stream.below(at[0]++, 4); n > 0; n--) {
          elements.add(drawn(stream, at, depth + 1));
        }
        yield new JsonArray(elements);
      }
      default -> {
        SequencedMap<String, JsonValue> members = new LinkedHashMap<>();
        for (int n = stream.below(at[0]++, 4); n > 0; n--) {
          members.put(text(stream, at), drawn(stream, at, depth + 1));
        }
        yield new JsonObject(members);
      }
    };
  }

  private static String text(CounterStream stream, int[] at) {
    StringBuilder text = new StringBuilder();
    String characters = "ab\"\\/\n\r\t é😀\u2028\u202e中{}[]:,";
    int[] points = characters.codePoints().toArray();
    for (int n = stream.below(at[0]++, 8); n > 0; n--) {
      text.appendCodePoint(points[stream.below(at[0]++, points.length)]);
    }
    return text.toString();
  }

  @Test
  void what_is_written_reads_back_the_same_here_and_elsewhere() throws JsonFault {
    for (int i = 0; i < 2000; i++) {
      JsonValue value = drawn(CounterStream.of(1, "json", 0, i), new int[1], 0);
      String text = JsonText.of(value);
      assertThat(JsonText.parse(text)).isEqualTo(value);
      assertThat(text).doesNotContain("\n");
      // Gson, a parser of other people, reads the same and writes what reads back here.
      String foreign = JsonParser.parseString(text).toString();
      assertThat(JsonText.parse(foreign)).isEqualTo(value);
    }
  }
}
