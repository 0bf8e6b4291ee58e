package org.alignmentworkbench.annotation.page;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Holds a message file against its translation and names everything in which they are not the same
/// book in two languages. Other modules' tests use it for their own files.
public final class TranslatedWords {
  private static final Pattern PLACE = Pattern.compile("\\{\\s*(\\d+)");
  private static final Pattern LETTERS = Pattern.compile("\\p{L}{2,}");
  private static final Pattern ARABIC = Pattern.compile("\\p{IsArabic}");

  private TranslatedWords() {}

  /// Every fault found, with what to do about it; empty when all is well.
  ///
  /// @param same keys whose text is the same in every language: names, symbols
  public static List<String> faults(Path words, Path translated, Set<String> same)
      throws IOException {
    List<String> faults = new ArrayList<>();
    Properties from = read(words, faults);
    Properties to = read(translated, faults);
    for (String key : new TreeSet<>(from.stringPropertyNames())) {
      String text = from.getProperty(key);
      String other = to.getProperty(key);
      if (other == null) {
        faults.add(
            key
                + ": has no line in "
                + translated.getFileName()
                + ". Add "
                + key
                + "=… there, with the Arabic for \""
                + text
                + "\" and the same {0}, {1}; a bad translation is better than none, and the next"
                + " reader may mend it");
        continue;
      }
      if (!places(text).equals(places(other))) {
        faults.add(
            "%s: %s has the places %s, %s has %s: each must be in both"
                .formatted(
                    key,
                    words.getFileName(),
                    places(text),
                    translated.getFileName(),
                    places(other)));
      }
      if (!places(other).isEmpty() && broken(other)) {
        faults.add(key + ": \"" + other + "\" is no message format");
      }
      if (!same.contains(key)
          && LETTERS.matcher(text.replaceAll("\\{[^}]*}", "")).find()
          && !ARABIC.matcher(other).find()) {
        faults.add(key + ": \"" + other + "\" has no Arabic letter: it was copied, not translated");
      }
    }
    for (String key : new TreeSet<>(to.stringPropertyNames())) {
      if (!from.containsKey(key)) {
        faults.add(
            key
                + ": is not in "
                + words.getFileName()
                + " any more; take its line out of "
                + translated.getFileName());
      }
    }
    return faults;
  }

  /// Of two lines with one key the later one counts and the other is forgotten without a word.
  private static Properties read(Path file, List<String> faults) throws IOException {
    Properties words =
        new Properties() {
          @Override
          public synchronized Object put(Object key, Object value) {
            Object before = super.put(key, value);
            if (before != null) {
              faults.add(key + ": has two lines in " + file.getFileName() + ": take one out");
            }
            return before;
          }
        };
    try (Reader reader = Files.newBufferedReader(file)) {
      words.load(reader);
    }
    return words;
  }

  private static Set<String> places(String text) {
    Set<String> places = new TreeSet<>();
    Matcher matcher = PLACE.matcher(text);
    while (matcher.find()) {
      places.add(matcher.group(1));
    }
    return places;
  }

  private static boolean broken(String text) {
    try {
      return new MessageFormat(text).format(new Object[] {1, 2, 3, 4, 5, 6}).isEmpty();
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
