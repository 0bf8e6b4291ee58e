package org.alignmentworkbench.app.web;

import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/// Words from the message files for view records, which hold finished texts.
@Component
public class Words {
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final MessageSource messages;

  Words(MessageSource messages) {
    this.messages = messages;
  }

  /// The text of a key; a missing key is an error, so a test finds it.
  public String of(String key, Object... arguments) {
    return messages.getMessage(key, arguments, LocaleContextHolder.getLocale());
  }

  /// Why there is no figure, in the reader's language. Algorithms say it in English; the sentence,
  /// its numbers apart, is its message's key. One that no message knows stays as it is.
  public String reason(String english) {
    Object[] numbers = NUMBER.matcher(english).results().map(MatchResult::group).toArray();
    String text =
        messages.getMessage(reasonKey(english), numbers, english, LocaleContextHolder.getLocale());
    return text == null ? english : text;
  }

  static String reasonKey(String english) {
    String plain = NUMBER.matcher(english).replaceAll("n").toLowerCase(Locale.ROOT);
    return "reason." + plain.replaceAll("[^a-z]+", "-").replaceAll("^-|-$", "");
  }

  /// What a job calls something (a stage, a curve, a setting), in words: its message where there is
  /// one, else the name itself taken apart, so that no name of the code is ever shown.
  ///
  /// @param prefix of the message's key, with its point
  public String named(String prefix, String name) {
    return orElse(prefix + name, spelled(name));
  }

  /// A name of the code as words: `maxNewTokens` is `Max new tokens`.
  public static String spelled(String name) {
    String words = name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return words.isEmpty()
        ? ""
        : words.substring(0, words.offsetByCodePoints(0, 1)).toUpperCase(Locale.ROOT)
            + words.substring(words.offsetByCodePoints(0, 1));
  }

  /// A text without its line breaks, for places where a line's end means something.
  public static String oneLine(String text) {
    return text.replaceAll("\\R", " ");
  }

  /// The text of a key, or a text of its own where there is none.
  public String orElse(String key, String otherwise) {
    String text = messages.getMessage(key, null, otherwise, LocaleContextHolder.getLocale());
    return text == null ? otherwise : text;
  }
}
