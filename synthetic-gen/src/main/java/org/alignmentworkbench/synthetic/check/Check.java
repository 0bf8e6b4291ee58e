package org.alignmentworkbench.synthetic.check;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.alignmentworkbench.synthetic.world.Lexicon;
import org.jspecify.annotations.Nullable;

/// One verifiable demand on a response.
///
/// Constraints of form are worded in the prompt as sentences of their own. Demands of substance
/// ([MentionsFacts], [JsonObjectWith], [NumberAnswer], [InStyle], [TakesStance]) are what the
/// instruction itself asks for.
public sealed interface Check {

  /// What the check demands, in plain words for the labelling desk.
  String describe();

  /// The first fault of a response that is not blank and has LF line ends, or null.
  @Nullable String fault(String response);

  /// True for what the instruction itself asks for; false for a constraint of form.
  boolean substance();

  /// The check's verdict.
  default CheckResult evaluate(String response) {
    if (response.isBlank()) {
      return new CheckResult(this, false, "the response is empty");
    }
    String fault = fault(response.replace("\r\n", "\n").strip());
    return new CheckResult(this, fault == null, fault == null ? describe() : fault);
  }

  /// The number of words of a text.
  static int words(String text) {
    return Math.toIntExact(
        Patterns.SPACE
            .splitAsStream(text)
            .filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit))
            .count());
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }

  /// At most so many words.
  record MaxWords(int limit) implements Check {
    public MaxWords {
      require(limit > 0, "limit must be > 0, was " + limit);
    }

    @Override
    public String describe() {
      return limit == 1 ? "One word only" : "At most " + limit + " words";
    }

    @Override
    public @Nullable String fault(String response) {
      int words = words(response);
      return words <= limit ? null : words + " words, at most " + limit + " wanted";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// At least so many words.
  record MinWords(int limit) implements Check {
    public MinWords {
      require(limit > 0, "limit must be > 0, was " + limit);
    }

    @Override
    public String describe() {
      return "At least " + limit + " words";
    }

    @Override
    public @Nullable String fault(String response) {
      int words = words(response);
      return words >= limit ? null : words + " words, at least " + limit + " wanted";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// A word or phrase that must be said, as whole words.
  record HasKeyword(String keyword) implements Check {
    public HasKeyword {
      require(!keyword.isBlank(), "keyword must not be blank");
    }

    @Override
    public String describe() {
      return "Uses the word " + quoted(keyword);
    }

    @Override
    public @Nullable String fault(String response) {
      return Lexicon.says(response, keyword) ? null : quoted(keyword) + " is missing";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// A word or phrase that must not be said.
  record LacksKeyword(String keyword) implements Check {
    public LacksKeyword {
      require(!keyword.isBlank(), "keyword must not be blank");
    }

    @Override
    public String describe() {
      return "Does not use the word " + quoted(keyword);
    }

    @Override
    public @Nullable String fault(String response) {
      return Lexicon.says(response, keyword) ? quoted(keyword) + " is there" : null;
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// No letter in upper case, and at least one letter.
  record AllLowerCase() implements Check {
    @Override
    public String describe() {
      return "Only lower case";
    }

    @Override
    public @Nullable String fault(String response) {
      if (response.codePoints().noneMatch(Character::isLetter)) {
        return "there are no letters";
      }
      return response.codePoints().noneMatch(Character::isUpperCase)
          ? null
          : "there are capital letters";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// No letter in lower case, and at least one letter.
  record AllCaps() implements Check {
    @Override
    public String describe() {
      return "ALL CAPS";
    }

    @Override
    public @Nullable String fault(String response) {
      if (response.codePoints().noneMatch(Character::isLetter)) {
        return "there are no letters";
      }
      return response.codePoints().noneMatch(Character::isLowerCase)
          ? null
          : "there are small letters";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// The phrase that opens the response.
  record StartsWith(String phrase) implements Check {
    public StartsWith {
      require(!phrase.isBlank(), "phrase must not be blank");
    }

    @Override
    public String describe() {
      return "Starts with " + quoted(phrase);
    }

    @Override
    public @Nullable String fault(String response) {
      return Patterns.lower(response).startsWith(Patterns.lower(phrase))
          ? null
          : "does not start with " + quoted(phrase);
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// The phrase that closes the response.
  record EndsWith(String phrase) implements Check {
    public EndsWith {
      require(!phrase.isBlank(), "phrase must not be blank");
    }

    @Override
    public String describe() {
      return "Ends with " + quoted(phrase);
    }

    @Override
    public @Nullable String fault(String response) {
      return Patterns.lower(response).endsWith(Patterns.lower(phrase))
          ? null
          : "does not end with " + quoted(phrase);
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// The exact number of lines that begin with "- " and say something.
  record ListLines(int count) implements Check {
    public ListLines {
      require(count > 0, "count must be > 0, was " + count);
    }

    @Override
    public String describe() {
      return count + " lines that start with " + quoted("- ");
    }

    @Override
    public @Nullable String fault(String response) {
      long lines =
          response.lines().filter(line -> line.startsWith("- ") && words(line) > 0).count();
      return lines == count ? null : lines + " list lines, " + count + " wanted";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// No digit anywhere.
  record NoDigits() implements Check {
    @Override
    public String describe() {
      return "No digits";
    }

    @Override
    public @Nullable String fault(String response) {
      return response.codePoints().noneMatch(Character::isDigit) ? null : "there are digits";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// Exactly one sentence: a single mark of end (`.`, `!`, `?`, or a run of them) that closes the
  /// response, or none at all, on one line.
  record OneSentence() implements Check {
    @Override
    public String describe() {
      return "One sentence";
    }

    @Override
    public @Nullable String fault(String response) {
      if (response.contains("\n")) {
        return "there is more than one line";
      }
      long sentences =
          Patterns.SENTENCE_END.splitAsStream(response).filter(part -> words(part) > 0).count();
      return sentences == 1 ? null : sentences + " sentences, one wanted";
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// No line break.
  record OneLine() implements Check {
    @Override
    public String describe() {
      return "On one line";
    }

    @Override
    public @Nullable String fault(String response) {
      return response.contains("\n") ? "there is more than one line" : null;
    }

    @Override
    public boolean substance() {
      return false;
    }
  }

  /// Every one of these facts is said, as whole words.
  record MentionsFacts(List<String> facts) implements Check {
    public MentionsFacts {
      facts = List.copyOf(facts);
      require(!facts.isEmpty(), "facts must not be empty");
    }

    @Override
    public String describe() {
      return "Mentions " + Lexicon.joined(facts);
    }

    @Override
    public @Nullable String fault(String response) {
      for (String fact : facts) {
        if (!Lexicon.says(response, fact)) {
          return quoted(fact) + " is missing";
        }
      }
      return null;
    }

    @Override
    public boolean substance() {
      return true;
    }
  }

  /// The whole response is one JSON object with exactly these keys and these values. A code fence
  /// around it is taken off first; values are compared as text, without regard to case.
  record JsonObjectWith(SequencedMap<String, String> values) implements Check {
    public JsonObjectWith {
      require(!values.isEmpty(), "values must not be empty");
      values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }

    @Override
    public String describe() {
      return "JSON with the right " + Lexicon.joined(List.copyOf(values.keySet()));
    }

    @Override
    public @Nullable String fault(String response) {
      JsonElement json = Patterns.strictJson(Patterns.FENCE.matcher(response).replaceAll("$1"));
      if (json == null || !json.isJsonObject()) {
        return "this is not a JSON object";
      }
      JsonObject object = json.getAsJsonObject();
      for (Map.Entry<String, String> wanted : values.entrySet()) {
        JsonElement value = object.get(wanted.getKey());
        if (value == null) {
          return "the key " + quoted(wanted.getKey()) + " is missing";
        }
        if (!value.isJsonPrimitive() || !value.getAsString().equalsIgnoreCase(wanted.getValue())) {
          return quoted(wanted.getKey()) + " should be " + wanted.getValue() + ", was " + value;
        }
      }
      return object.size() == values.size() ? null : "there are keys that nobody asked for";
    }

    @Override
    public boolean substance() {
      return true;
    }
  }

  /// The last number the response says, in digits or words, is the answer.
  record NumberAnswer(int answer) implements Check {
    @Override
    public String describe() {
      return "The answer is " + answer;
    }

    @Override
    public @Nullable String fault(String response) {
      List<Integer> numbers = Lexicon.numbers(response);
      if (numbers.isEmpty()) {
        return "there is no number";
      }
      return numbers.getLast() == answer
          ? null
          : "the answer is " + answer + ", not " + numbers.getLast();
    }

    @Override
    public boolean substance() {
      return true;
    }
  }

  /// The tone of voice, shown by one of its words.
  record InStyle(Style style) implements Check {
    @Override
    public String describe() {
      return "Sounds " + style.word() + " (" + String.join(" / ", style.marks()) + ")";
    }

    @Override
    public @Nullable String fault(String response) {
      return style.marks().stream().anyMatch(mark -> Lexicon.says(response, mark))
          ? null
          : "does not sound " + style.word();
    }

    @Override
    public boolean substance() {
      return true;
    }
  }

  /// A reply that accepts (says "yes" or "sure") or one that declines (says "sorry" or "no"), and
  /// not both.
  record TakesStance(boolean accepts) implements Check {
    @Override
    public String describe() {
      return accepts ? "Says yes" : "Says no";
    }

    @Override
    public @Nullable String fault(String response) {
      boolean yes = Lexicon.says(response, "yes") || Lexicon.says(response, "sure");
      boolean no =
          Lexicon.says(response, "sorry")
              || Lexicon.says(response, "no")
              || Lexicon.says(response, "cannot");
      if (yes == no) {
        return yes ? "says both yes and no" : "says neither yes nor no";
      }
      return yes == accepts ? null : accepts ? "says no" : "says yes";
    }

    @Override
    public boolean substance() {
      return true;
    }
  }
}

/// Patterns and readers the checks share.
final class Patterns {
  static final Pattern SPACE = Pattern.compile("[\\s\\u00A0]+");
  static final Pattern SENTENCE_END = Pattern.compile("[.!?]+(?=\\s|$)");
  static final Pattern FENCE = Pattern.compile("(?s)^```(?:json)?\\s*\\n(.*)\\n```$");

  private Patterns() {}

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static @Nullable JsonElement strictJson(String text) {
    try (JsonReader reader = new JsonReader(new StringReader(text))) {
      reader.setStrictness(Strictness.STRICT);
      JsonElement element = JsonParser.parseReader(reader);
      return reader.peek() == JsonToken.END_DOCUMENT ? element : null;
    } catch (JsonParseException | MalformedJsonException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
