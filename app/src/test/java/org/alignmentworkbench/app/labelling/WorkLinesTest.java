package org.alignmentworkbench.app.labelling;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.List;
import org.alignmentworkbench.db.exchange.BroughtWork.Item;
import org.alignmentworkbench.db.kind.TaskKind;
import org.junit.jupiter.api.Test;

class WorkLinesTest {
  private static List<Item> read(TaskKind kind, String text) throws Exception {
    return WorkLines.read(new ByteArrayInputStream(text.getBytes(UTF_8)), kind);
  }

  private static void refused(TaskKind kind, String text, String why) {
    assertThatThrownBy(() -> read(kind, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  void prompts_with_their_answers_are_read_line_by_line() throws Exception {
    assertThat(
            read(
                TaskKind.RANK,
                """
                {"prompt": "Which?", "answers": ["\uD83D\uDE00", "b", "c"]}

                {"answers": ["x", "y"], "prompt": "And?"}
                """))
        .containsExactly(
            new Item("Which?", List.of("\uD83D\uDE00", "b", "c"), null),
            new Item("And?", List.of("x", "y"), null));
    assertThat(read(TaskKind.DEMONSTRATION, "{\"prompt\": \"Write.\"}"))
        .containsExactly(new Item("Write.", List.of(), null));
  }

  @Test
  void what_is_no_row_is_named_by_line_value_and_rule() {
    refused(TaskKind.EDIT, "", "the file must have 1 to 20000 lines, has 0");
    refused(TaskKind.EDIT, "\n{\"prompt\":\"a\",", "line 2, column ");
    refused(TaskKind.EDIT, "[]", "line 1: must be an object");
    refused(
        TaskKind.EDIT,
        "{\"prompt\":\"a\",\"answers\":[]}",
        "line 1: a task of kind EDIT must have 1 answer, has 0");
    refused(
        TaskKind.EDIT, "{\"prompt\":\"a\",\"answers\":[5]}", "line 1: answers[0] must be a text");
    refused(
        TaskKind.EDIT,
        "{\"prompt\":\" \",\"answers\":[\"a\"]}",
        "line 1: prompt must have 1 to 100000 characters and no NUL, has 1");
    refused(
        TaskKind.RANK,
        "{\"prompt\":\"a\",\"answers\":[\"a\",\"a\"]}",
        "line 1: answers has the same text twice");
    refused(
        TaskKind.EDIT,
        "{\"prompt\":\"a\",\"answers\":[\"a\"],\"model\":\"m\"}",
        "line 1: 'model' is neither prompt nor answers nor language");
    refused(
        TaskKind.EDIT,
        "{\"a\":1}\n{\"b\":1}",
        "line 1: 'a' is neither prompt nor answers nor language; line 2: 'b'");
    assertThatThrownBy(() ->
            WorkLines.read(
                new ByteArrayInputStream("{\"prompt\":\"ä\"}".getBytes(ISO_8859_1)),
                TaskKind.DEMONSTRATION))
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void a_byte_order_mark_and_any_line_end_are_no_part_of_a_row() throws Exception {
    assertThat(
            read(
                TaskKind.DEMONSTRATION,
                "\uFEFF{\"prompt\":\"a\"}\r\n{\"prompt\":\"b\"}\r{\"prompt\":\"c\"}\n"))
        .extracting(Item::prompt)
        .containsExactly("a", "b", "c");
  }

  @Test
  void a_line_that_is_not_utf_8_is_named_by_its_own_number() {
    byte[] file = ("{\"prompt\":\"a\"}\n".repeat(99) + "{\"prompt\":\"ä\"}\n").getBytes(ISO_8859_1);
    assertThatThrownBy(() -> WorkLines.read(new ByteArrayInputStream(file), TaskKind.DEMONSTRATION))
        .hasMessage("line 100: not UTF-8");
  }

  @Test
  void a_row_may_say_the_language_of_its_prompt() throws Exception {
    assertThat(read(TaskKind.DEMONSTRATION, "{\"prompt\": \"Wie?\", \"language\": \"de-CH\"}"))
        .containsExactly(new Item("Wie?", List.of(), "de-ch"));
    refused(
        TaskKind.DEMONSTRATION,
        "{\"prompt\": \"Wie?\", \"language\": \"Deutsch!\"}",
        "line 1: language must be a tag of BCP 47, was 'deutsch!'");
  }
}
