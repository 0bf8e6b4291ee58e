package org.alignmentworkbench.app.labelling;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.alignmentworkbench.app.people.Languages;
import org.alignmentworkbench.db.exchange.BroughtWork.Item;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonFault;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonText;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Reads a file of JSON Lines that tasks are to be made of, one object a line: `prompt`, `answers`,
/// a list that may be absent where the kind has none, and `language`, a BCP 47 tag of the prompt
/// that may be absent. All of it is taken or none.
public final class WorkLines {
  /// Tasks of a file at most: more are better taken in parts.
  static final int MOST_ROWS = 20_000;

  /// Bytes of a file at most.
  public static final long LARGEST = 64L << 20;

  /// The byte-order mark that some editors begin a file with.
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private static final int LONGEST_TEXT = 100_000;
  private static final int FAULTS_SHOWN = 20;
  private static final Set<String> FIELDS = Set.of("prompt", "answers", "language");

  private WorkLines() {}

  /// @throws IllegalArgumentException with the line, the value and the rule of the first faults
  public static List<Item> read(InputStream file, TaskKind kind) throws IOException {
    byte[] all = file.readNBytes(Math.toIntExact(LARGEST + 1));
    if (all.length > LARGEST) {
      throw new IllegalArgumentException("the file must have %d bytes or fewer".formatted(LARGEST));
    }
    List<Item> items = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    int number = 0;
    int begin = starts(all, MARK) ? MARK.length : 0;
    while (begin < all.length && faults.size() < FAULTS_SHOWN) {
      int end = begin;
      while (end < all.length && all[end] != '\n' && all[end] != '\r') {
        end++;
      }
      number++;
      read(ByteBuffer.wrap(all, begin, end - begin), number, kind, items, faults);
      begin = end + (end + 1 < all.length && all[end] == '\r' && all[end + 1] == '\n' ? 2 : 1);
    }
    if (faults.isEmpty() && (items.isEmpty() || items.size() > MOST_ROWS)) {
      faults.add("the file must have 1 to %d lines, has %d".formatted(MOST_ROWS, items.size()));
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return items;
  }

  private static boolean starts(byte[] all, byte[] begin) {
    return all.length >= begin.length
        && Arrays.equals(all, 0, begin.length, begin, 0, begin.length);
  }

  private static void read(
      ByteBuffer bytes, int number, TaskKind kind, List<Item> items, List<String> faults) {
    try {
      String line = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (!line.isBlank()) {
        items.add(item(JsonText.parse(line), kind));
      }
    } catch (CharacterCodingException e) {
      faults.add("line %d: not UTF-8".formatted(number));
    } catch (JsonFault e) {
      faults.add("line %d, column %d: %s".formatted(number, e.column(), e.getMessage()));
    } catch (IllegalArgumentException e) {
      faults.add("line %d: %s".formatted(number, e.getMessage()));
    }
  }

  private static Item item(JsonValue value, TaskKind kind) {
    if (!(value instanceof JsonObject row)) {
      throw new IllegalArgumentException("must be an object");
    }
    for (String name : row.members().keySet()) {
      if (!FIELDS.contains(name)) {
        throw new IllegalArgumentException(
            "'%s' is neither prompt nor answers nor language".formatted(name));
      }
    }
    List<String> answers = new ArrayList<>();
    @Nullable JsonValue given = row.get("answers");
    if (given instanceof JsonArray(var elements)) {
      for (int i = 0; i < elements.size(); i++) {
        answers.add(text("answers[%d]".formatted(i), elements.get(i)));
      }
    } else if (given != null) {
      throw new IllegalArgumentException("answers must be a list");
    }
    if (answers.size() < kind.fewestAnswers() || answers.size() > kind.mostAnswers()) {
      throw new IllegalArgumentException(
          "a task of kind %s must have %s, has %d"
              .formatted(kind, range(kind.fewestAnswers(), kind.mostAnswers()), answers.size()));
    }
    if (new HashSet<>(answers).size() < answers.size()) {
      throw new IllegalArgumentException("answers has the same text twice");
    }
    return new Item(text("prompt", row.get("prompt")), answers, language(row.get("language")));
  }

  /// `2 answers`, `2 to 9 answers`, `no answers`.
  private static String range(int fewest, int most) {
    if (most == 0) {
      return "no answers";
    }
    String span = fewest == most ? String.valueOf(most) : fewest + " to " + most;
    return span + (most == 1 ? " answer" : " answers");
  }

  private static @Nullable String language(@Nullable JsonValue value) {
    if (value == null) {
      return null;
    }
    String tag = text("language", value).toLowerCase(Locale.ROOT);
    if (!Languages.isTag(tag)) {
      throw new IllegalArgumentException("language must be a tag of BCP 47, was '" + tag + "'");
    }
    return tag;
  }

  private static String text(String place, @Nullable JsonValue value) {
    if (!(value instanceof JsonString(String text))) {
      throw new IllegalArgumentException(place + " must be a text");
    }
    if (text.isBlank() || text.length() > LONGEST_TEXT || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "%s must have 1 to %d characters and no NUL, has %d"
              .formatted(place, LONGEST_TEXT, text.length()));
    }
    return text;
  }
}
