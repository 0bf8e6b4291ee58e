package org.alignmentworkbench.app.web;

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

  /// The text of a key, or a text of its own where there is none: for names that jobs choose, such
  /// as stages.
  public String orElse(String key, String otherwise) {
    String text = messages.getMessage(key, null, otherwise, LocaleContextHolder.getLocale());
    return text == null ? otherwise : text;
  }
}
