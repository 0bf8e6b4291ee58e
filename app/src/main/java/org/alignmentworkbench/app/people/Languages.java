package org.alignmentworkbench.app.people;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Languages as people type them: BCP 47 tags with commas or spaces between.
public final class Languages {
  /// Most tags of a list.
  public static final int MOST = 30;

  private static final Pattern TAG = Pattern.compile("[a-z]{2,3}(-[a-z0-9]{2,8})*");

  private Languages() {}

  /// The tags in lower case, each once, in order of the alphabet.
  ///
  /// @throws IllegalArgumentException with what is no tag
  public static List<String> of(String typed) {
    List<String> tags = new ArrayList<>();
    for (String word : typed.toLowerCase(Locale.ROOT).split("[,;\\s]+", -1)) {
      if (word.isEmpty()) {
        continue;
      }
      if (word.length() > 35 || !isTag(word)) {
        throw new IllegalArgumentException(word);
      }
      tags.add(word);
    }
    List<String> sorted = tags.stream().distinct().sorted().toList();
    if (sorted.size() > MOST) {
      throw new IllegalArgumentException(sorted.get(MOST));
    }
    return sorted;
  }

  /// Whether a text in lower case is a tag.
  public static boolean isTag(String text) {
    return TAG.matcher(text).matches();
  }

  /// As they are shown in a field.
  public static String text(List<String> tags) {
    return String.join(", ", tags);
  }
}
