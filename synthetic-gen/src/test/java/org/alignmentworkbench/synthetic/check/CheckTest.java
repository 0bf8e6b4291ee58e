package org.alignmentworkbench.synthetic.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckTest {
  private static final String WAVE = "\uD83D\uDC4B";

  static List<Check> everyKind() {
    return List.of(
        new Check.MaxWords(3),
        new Check.MinWords(2),
        new Check.HasKeyword("Friday"),
        new Check.LacksKeyword("Friday"),
        new Check.AllLowerCase(),
        new Check.AllCaps(),
        new Check.StartsWith("Hi Anna,"),
        new Check.EndsWith("Bye!"),
        new Check.ListLines(2),
        new Check.NoDigits(),
        new Check.OneSentence(),
        new Check.OneLine(),
        new Check.MentionsFacts(List.of("Anna", "3 pm")),
        new Check.JsonObjectWith(values("name", "Anna", "amount", "12")),
        new Check.NumberAnswer(7),
        new Check.InStyle(Style.POLITE),
        new Check.TakesStance(true),
        new Check.TakesStance(false));
  }

  private static SequencedMap<String, String> values(String... pairs) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return values;
  }

  private static void passes(Check check, String response) {
    assertThat(check.evaluate(response).passed()).as(check + " on " + response).isTrue();
  }

  private static void fails(Check check, String response, String reason) {
    CheckResult result = check.evaluate(response);
    assertThat(result.passed()).as(check + " on " + response).isFalse();
    assertThat(result.reason()).contains(reason);
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void blank_responses_fail_every_check(Check check) {
    for (String blank : List.of("", " ", "\n", "\r\n\t ")) {
      fails(check, blank, "empty");
    }
  }

  @ParameterizedTest
  @MethodSource("everyKind")
  void a_check_describes_itself_and_survives_json(Check check) {
    assertThat(check.describe()).isNotBlank().doesNotContain("{", "[");
    assertThat(CheckJson.read(CheckJson.write(check))).isEqualTo(check);
  }

  @Test
  void unknown_check_types_are_refused_by_name() {
    var json = CheckJson.write(new Check.OneLine());
    json.addProperty("type", "haiku");
    assertThatThrownBy(() -> CheckJson.read(json)).hasMessageContaining("haiku");
  }

  @Test
  void words_are_counted_between_white_space_and_hold_a_letter_or_digit() {
    Check check = new Check.MaxWords(3);
    passes(check, "Anna brings cake.");
    passes(check, "Anna   brings\r\n cake.");
    passes(check, "- Anna\n- Ben\n- Leo");
    passes(check, "Anna brings cake " + WAVE);
    passes(check, "Anna\u00A0brings cake");
    fails(check, "Anna brings the cake.", "4 words, at most 3");
    fails(check, "Anna brings cake 7", "4 words");
    assertThat(check.describe()).isEqualTo("At most 3 words");
    assertThat(new Check.MaxWords(1).describe()).isEqualTo("One word only");
  }

  @Test
  void a_minimum_of_words_is_met_from_that_number_on() {
    Check check = new Check.MinWords(2);
    passes(check, "Anna comes");
    fails(check, "Anna", "1 words, at least 2");
    fails(check, WAVE + " " + WAVE + " Anna", "1 words");
  }

  @Test
  void limits_must_be_positive() {
    assertThatThrownBy(() -> new Check.MaxWords(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> new Check.MinWords(-1)).hasMessageContaining("was -1");
    assertThatThrownBy(() -> new Check.ListLines(0)).hasMessageContaining("was 0");
    assertThatThrownBy(() -> new Check.HasKeyword(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> new Check.MentionsFacts(List.of())).hasMessageContaining("empty");
  }

  @Test
  void keywords_are_whole_words_in_any_case() {
    Check check = new Check.HasKeyword("Friday");
    passes(check, "On friday, then.");
    passes(check, "FRIDAY");
    passes(check, "(Friday)");
    fails(check, "On Fridays", "\"Friday\" is missing");
    fails(check, WAVE, "missing");
    passes(new Check.HasKeyword("3 pm"), "At 3 pm.");
    fails(new Check.HasKeyword("3 pm"), "At 13 pm.", "missing");
  }

  @Test
  void forbidden_words_are_whole_words_too() {
    Check check = new Check.LacksKeyword("Sam");
    passes(check, "It is the same.");
    passes(check, WAVE);
    fails(check, "sam comes", "\"Sam\" is there");
  }

  @Test
  void case_is_judged_by_letters_alone() {
    passes(new Check.AllLowerCase(), "see you at 3 pm! " + WAVE);
    fails(new Check.AllLowerCase(), "see You", "capital");
    fails(new Check.AllLowerCase(), "7", "no letters");
    passes(new Check.AllCaps(), "AT 3 PM!\r\n\u00C4RGER");
    fails(new Check.AllCaps(), "AT 3 pm", "small");
    fails(new Check.AllCaps(), WAVE, "no letters");
  }

  @Test
  void openings_and_closings_ignore_case_and_outer_white_space() {
    passes(new Check.StartsWith("Hi Anna,"), "  hi anna, yes.");
    fails(new Check.StartsWith("Hi Anna,"), "Yes. Hi Anna,", "does not start");
    passes(new Check.EndsWith("Bye!"), "Yes. BYE!\r\n");
    fails(new Check.EndsWith("Bye!"), "Bye! Yes.", "does not end");
    fails(new Check.EndsWith("Bye!"), "Bye! " + WAVE, "does not end");
  }

  @Test
  void list_lines_start_with_a_dash_and_say_something() {
    Check check = new Check.ListLines(2);
    passes(check, "- milk\r\n- tea");
    passes(check, "List:\n- milk\n- tea\nThat is all.");
    fails(check, "- milk\n- tea\n- rice", "3 list lines, 2 wanted");
    fails(check, "- milk\n-tea", "1 list lines");
    fails(check, "- milk\n- ", "1 list lines");
    fails(check, "milk and tea", "0 list lines");
  }

  @Test
  void digits_of_any_script_count() {
    passes(new Check.NoDigits(), "seven " + WAVE);
    fails(new Check.NoDigits(), "7", "digits");
    fails(new Check.NoDigits(), "\u0667", "digits");
  }

  @Test
  void one_sentence_has_one_end_at_most() {
    Check check = new Check.OneSentence();
    passes(check, "Anna comes at 3.5 km.");
    passes(check, "Anna comes");
    passes(check, "Really?!");
    fails(check, "Anna comes. Ben too.", "2 sentences");
    fails(check, "Anna comes.\r\nBen too", "line");
    fails(check, WAVE, "0 sentences");
  }

  @Test
  void one_line_has_no_break_inside() {
    passes(new Check.OneLine(), "{\"a\": 1}\n");
    fails(new Check.OneLine(), "{\r\n\"a\": 1}", "line");
  }

  @Test
  void all_facts_must_be_said() {
    Check check = new Check.MentionsFacts(List.of("Anna", "3 pm"));
    passes(check, "anna, at 3 PM");
    fails(check, "Anna, at 4 pm", "\"3 pm\" is missing");
    fails(check, "Hanna, at 3 pm", "\"Anna\" is missing");
  }

  @Test
  void json_must_be_one_object_with_exactly_the_right_values() {
    Check check = new Check.JsonObjectWith(values("name", "Anna", "amount", "12"));
    passes(check, "{\"name\": \"Anna\", \"amount\": \"12\"}");
    passes(check, "{\r\n\"amount\": 12,\r\n\"name\": \"anna\"\r\n}");
    passes(check, "```json\n{\"name\": \"Anna\", \"amount\": 12}\n```");
    fails(check, "{\"name\": \"Anna\"}", "\"amount\" is missing");
    fails(check, "{\"name\": \"Ben\", \"amount\": 12}", "should be Anna");
    fails(check, "{\"name\": null, \"amount\": 12}", "should be Anna");
    fails(check, "{\"name\": [\"Anna\"], \"amount\": 12}", "should be Anna");
    fails(check, "{\"name\": \"Anna\", \"amount\": 12, \"day\": \"Friday\"}", "nobody asked");
    fails(check, "Here: {\"name\": \"Anna\", \"amount\": 12}", "not a JSON object");
    fails(check, "{\"name\": \"Anna\", \"amount\": 12} Bye!", "not a JSON object");
    fails(check, "{name: Anna, amount: 12}", "not a JSON object");
    fails(check, "{\"name\": \"Anna\"", "not a JSON object");
    fails(check, "[1]", "not a JSON object");
    fails(check, "Anna", "not a JSON object");
    fails(check, WAVE, "not a JSON object");
  }

  @Test
  void the_last_number_is_the_answer() {
    Check check = new Check.NumberAnswer(7);
    passes(check, "7");
    passes(check, "3 and 4 is 7.");
    passes(check, "The answer is Seven.");
    fails(check, "7 is 3 and 4", "not 4");
    fails(check, "17", "not 17");
    fails(check, "99999999999999999999", "not -1");
    fails(check, "many " + WAVE, "no number");
  }

  @Test
  void a_tone_shows_in_its_words() {
    passes(new Check.InStyle(Style.POLITE), "Could you PLEASE come?");
    fails(new Check.InStyle(Style.POLITE), "Come.", "polite");
    fails(new Check.InStyle(Style.POLITE), "That is pleased.", "polite");
    passes(new Check.InStyle(Style.FRIENDLY), "Hey Ben, come!");
    passes(new Check.InStyle(Style.FORMAL), "Kindly come.");
    fails(new Check.InStyle(Style.FORMAL), WAVE, "formal");
    assertThatThrownBy(() -> Style.of("grim")).hasMessageContaining("grim");
  }

  @Test
  void a_reply_takes_one_stance() {
    passes(new Check.TakesStance(true), "Sure, I can.");
    passes(new Check.TakesStance(false), "Sorry, I cannot.");
    fails(new Check.TakesStance(true), "No, I cannot.", "says no");
    fails(new Check.TakesStance(false), "Yes!", "says yes");
    fails(new Check.TakesStance(true), "Yes and no.", "both");
    fails(new Check.TakesStance(true), "I know. " + WAVE, "neither");
  }

  @Test
  void the_values_of_a_json_check_are_copied() {
    SequencedMap<String, String> values = values("name", "Anna");
    Check.JsonObjectWith check = new Check.JsonObjectWith(values);
    values.put("day", "Friday");
    assertThat(check.values()).isEqualTo(Map.of("name", "Anna"));
  }
}
