package org.alignmentworkbench.synthetic.task;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// Brings an answer into the form that some constraints ask for.
///
/// Only what can be done to any answer is done here: an opening or closing phrase, the case,
/// numbers in words, leaving a line out of a list. Length and keywords are met by choosing another
/// answer.
public final class ResponseComposer {
  private static final Pattern FIRST_WORD = Pattern.compile("[\\p{L}]+");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private ResponseComposer() {}

  /// The answer in the form that these checks want.
  public static String compose(TaskKind kind, String answer, Collection<Check> heeded) {
    String text = answer;
    for (Check check : heeded) {
      if (check instanceof Check.LacksKeyword lacks && kind == TaskKind.LIST_ITEMS) {
        text = withoutLine(text, lacks.keyword());
      }
      if (check instanceof Check.NoDigits && kind == TaskKind.ARITHMETIC) {
        text = inWords(text);
      }
    }
    String joint = kind == TaskKind.LIST_ITEMS ? "\n" : " ";
    for (Check check : heeded) {
      if (check instanceof Check.StartsWith starts) {
        text = starts.phrase() + joint + (starts.phrase().endsWith(",") ? continued(text) : text);
      }
      if (check instanceof Check.EndsWith ends) {
        text = closed(kind, text) + joint + ends.phrase();
      }
    }
    for (Check check : heeded) {
      if (check instanceof Check.AllLowerCase) {
        text = text.toLowerCase(Locale.ROOT);
      }
      if (check instanceof Check.AllCaps) {
        text = text.toUpperCase(Locale.ROOT);
      }
    }
    return text;
  }

  /// A bare number is closed by a full stop before another sentence follows.
  private static String closed(TaskKind kind, String text) {
    boolean open = !text.isEmpty() && Character.isLetterOrDigit(text.charAt(text.length() - 1));
    return kind == TaskKind.ARITHMETIC && open ? text + "." : text;
  }

  private static String withoutLine(String list, String item) {
    List<String> kept = new ArrayList<>(list.lines().toList());
    kept.removeIf(line -> line.startsWith("- ") && Lexicon.says(line, item));
    return String.join("\n", kept);
  }

  private static String inWords(String text) {
    return Lexicon.capital(
        NUMBER
            .matcher(text)
            .replaceAll(number -> {
              int value = Integer.parseInt(number.group());
              return value <= 20 ? Lexicon.numberWord(value) : number.group();
            }));
  }

  /// After "Hi Anna," a sentence goes on in lower case, unless it opens with a name, a day or "I".
  private static String continued(String text) {
    var first = FIRST_WORD.matcher(text);
    boolean keeps =
        !first.lookingAt()
            || first.group().equals("I")
            || Lexicon.NAMES.contains(first.group())
            || Lexicon.DAYS.contains(first.group());
    return keeps ? text : text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }
}
