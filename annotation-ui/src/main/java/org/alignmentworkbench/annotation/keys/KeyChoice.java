package org.alignmentworkbench.annotation.keys;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a person typed into the page of keys: for each default key the one to press instead.
///
/// A key is one visible sign. No two keys may be the same, or one of them could not be reached.
///
/// @param rows in the order of [DeskKey#ALL]
record KeyChoice(List<Row> rows) {
  /// One key.
  ///
  /// @param chosen what is pressed for it
  record Row(DeskKey key, String chosen) {
    /// Whether it is one sign that can be seen.
    boolean sign() {
      return chosen.codePointCount(0, chosen.length()) == 1
          && chosen
              .codePoints()
              .noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }
  }

  /// Reads the fields; an empty one is the default.
  static KeyChoice read(Function<String, @Nullable String> field) {
    List<Row> rows = new ArrayList<>();
    for (DeskKey key : DeskKey.ALL) {
      String typed = field.apply("key." + key.key());
      String sign = typed == null ? "" : typed.strip().toLowerCase(Locale.ROOT);
      rows.add(new Row(key, sign.isEmpty() ? key.key() : sign));
    }
    return new KeyChoice(List.copyOf(rows));
  }

  /// What a person chose before; what they did not choose, or what is no key any more, is the
  /// default.
  static KeyChoice of(Map<String, String> own) {
    return read(name -> own.get(name.substring("key.".length())));
  }

  /// The first other key that is pressed alike, or null.
  @Nullable DeskKey same(Row row) {
    return rows.stream()
        .filter(other -> !other.key().equals(row.key()) && other.chosen().equals(row.chosen()))
        .map(Row::key)
        .findFirst()
        .orElse(null);
  }

  /// Whether every key can be pressed and told apart.
  boolean sound() {
    return rows.stream().allMatch(row -> row.sign() && same(row) == null);
  }

  /// The keys that differ from the default, by the default.
  Map<String, String> own() {
    Map<String, String> own = new LinkedHashMap<>();
    for (Row row : rows) {
      if (!row.chosen().equals(row.key().key())) {
        own.put(row.key().key(), row.chosen());
      }
    }
    return own;
  }
}
