package org.alignmentworkbench.annotation.keys;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A key of the desk. The pages' scripts know it by this name, whatever a person presses for it.
///
/// @param key the key that is there by default
/// @param word message key of what it does; the message may say {0}
/// @param of what {0} stands for: a message key, or the text itself
public record DeskKey(String key, String word, String of) {
  /// All of them. One key may serve several kinds of task, and then has one meaning that holds for
  /// all: a person who moves it moves it everywhere.
  public static final List<DeskKey> ALL =
      Stream.of(
              IntStream.rangeClosed(1, 9)
                  .mapToObj(step -> new DeskKey("" + step, "keys.step", "" + step)),
              Stream.of(
                  new DeskKey("q", "keys.left", "label.grade.0"),
                  new DeskKey("w", "keys.left", "label.grade.1"),
                  new DeskKey("e", "keys.left", "label.grade.2"),
                  new DeskKey("i", "keys.right", "label.grade.0"),
                  new DeskKey("o", "keys.right", "label.grade.1"),
                  new DeskKey("p", "keys.right", "label.grade.2"),
                  new DeskKey("j", "keys.next", ""),
                  new DeskKey("k", "keys.before", ""),
                  new DeskKey("t", "work.keys.source", ""),
                  new DeskKey("r", "label.keys.reason", ""),
                  new DeskKey("s", "label.keys.skip", ""),
                  new DeskKey("u", "label.keys.undo", ""),
                  new DeskKey("f", "label.keys.note.add", ""),
                  new DeskKey("g", "label.keys.guideline", ""),
                  new DeskKey("m", "reading.raw.key", ""),
                  new DeskKey("c", "reading.fold.key", ""),
                  new DeskKey("d", "reading.differ.key", ""),
                  new DeskKey("?", "label.keys.help", "")))
          .flatMap(keys -> keys)
          .toList();
}
