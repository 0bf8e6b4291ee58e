package org.alignmentworkbench.app.web;

import java.util.Locale;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/// Words from the message files for view records, which hold finished texts.
@Component
public class Words {
  private final MessageSource messages;

  Words(MessageSource messages) {
    this.messages = messages;
  }

  /// The text of a key; a missing key is an error, so a test finds it.
  public String of(String key, Object... arguments) {
    return messages.getMessage(key, arguments, LocaleContextHolder.getLocale());
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
