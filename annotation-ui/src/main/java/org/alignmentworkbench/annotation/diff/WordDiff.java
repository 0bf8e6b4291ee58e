package org.alignmentworkbench.annotation.diff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.annotation.diff.Piece.Kind;

/// The fewest words to take away and to add that make one text of another (Myers 1986, "An O(ND)
/// difference algorithm and its variations", section 4b: in linear space).
///
/// White space alone between two changes counts as changed, so that a sentence put in another's
/// place reads as one change and not as a comb.
///
/// | what | bound |
/// |---|---|
/// | time | (words of both) times (words that differ) |
/// | memory | words of both |
///
/// Beyond [#MOST] words that are not the same at both ends the two middles are one change.
public final class WordDiff {
  /// Words of both texts together, white space counted, that are compared one by one: some forty
  /// pages, a few seconds at the very worst.
  static final int MOST = 40_000;

  private final int[] before;
  private final int[] after;
  private final boolean[] gone;
  private final boolean[] fresh;

  private WordDiff(int[] before, int[] after) {
    this.before = before;
    this.after = after;
    this.gone = new boolean[before.length];
    this.fresh = new boolean[after.length];
  }

  /// A box of the grid: words `left` to `right` of the one text, `top` to `bottom` of the other.
  private record Box(int left, int top, int right, int bottom) {
    int width() {
      return right - left;
    }

    int height() {
      return bottom - top;
    }
  }

  /// The pieces in reading order. Those that are the same and gone make `before`, those that are
  /// the same and new make `after`; no two neighbours are of one kind, and what is gone stands
  /// before what came in its place.
  public static List<Piece> between(String before, String after) {
    List<String> wordsBefore = Words.of(before);
    List<String> wordsAfter = Words.of(after);
    Map<String, Integer> numbers = new HashMap<>();
    WordDiff diff = new WordDiff(numbered(wordsBefore, numbers), numbered(wordsAfter, numbers));
    diff.mark(new Box(0, 0, wordsBefore.size(), wordsAfter.size()));
    return diff.pieces(wordsBefore, wordsAfter);
  }

  private static int[] numbered(List<String> words, Map<String, Integer> numbers) {
    return words.stream()
        .mapToInt(word -> numbers.computeIfAbsent(word, _ -> numbers.size()))
        .toArray();
  }

  private void mark(Box whole) {
    Box box = trimmed(whole);
    if (box.width() == 0 || box.height() == 0 || box.width() + box.height() > MOST) {
      Arrays.fill(gone, box.left(), box.right(), true);
      Arrays.fill(fresh, box.top(), box.bottom(), true);
      return;
    }
    Box snake = middleSnake(box);
    mark(new Box(box.left(), box.top(), snake.left(), snake.top()));
    mark(new Box(snake.right(), snake.bottom(), box.right(), box.bottom()));
  }

  private Box trimmed(Box box) {
    int left = box.left();
    int top = box.top();
    while (left < box.right() && top < box.bottom() && before[left] == after[top]) {
      left++;
      top++;
    }
    int right = box.right();
    int bottom = box.bottom();
    while (right > left && bottom > top && before[right - 1] == after[bottom - 1]) {
      right--;
      bottom--;
    }
    return new Box(left, top, right, bottom);
  }

  /// The stretch of common words in the middle of a shortest way through the box: the first at
  /// which the furthest ways from both corners meet. `forth[k]` is how far right the way from the
  /// upper left has come on diagonal k, `back[k]` the same seen from the lower right.
  private Box middleSnake(Box box) {
    int width = box.width();
    int height = box.height();
    int delta = width - height;
    int most = (width + height + 1) / 2;
    int zero = most + 1;
    int[] forth = new int[2 * most + 3];
    int[] back = new int[2 * most + 3];
    for (int d = 0; d <= most; d++) {
      for (int k = -d; k <= d; k += 2) {
        int start = furthest(forth, zero, k, d);
        int x = start;
        while (x < width && x - k < height && before[box.left() + x] == after[box.top() + x - k]) {
          x++;
        }
        forth[zero + k] = x;
        if (delta % 2 != 0 && Math.abs(delta - k) < d && x + back[zero + delta - k] >= width) {
          return snake(box, start, start - k, x, x - k);
        }
      }
      for (int k = -d; k <= d; k += 2) {
        int start = furthest(back, zero, k, d);
        int x = start;
        while (x < width
            && x - k < height
            && before[box.right() - 1 - x] == after[box.bottom() - 1 - (x - k)]) {
          x++;
        }
        back[zero + k] = x;
        if (delta % 2 == 0 && Math.abs(delta - k) <= d && x + forth[zero + delta - k] >= width) {
          return snake(box, width - x, height - (x - k), width - start, height - (start - k));
        }
      }
    }
    throw new IllegalStateException("the two ways through " + box + " never met");
  }

  private static int furthest(int[] ways, int zero, int k, int d) {
    boolean down = k == -d || (k != d && ways[zero + k - 1] < ways[zero + k + 1]);
    return down ? ways[zero + k + 1] : ways[zero + k - 1] + 1;
  }

  private static Box snake(Box box, int left, int top, int right, int bottom) {
    return new Box(box.left() + left, box.top() + top, box.left() + right, box.top() + bottom);
  }

  private List<Piece> pieces(List<String> wordsBefore, List<String> wordsAfter) {
    Writing writing = new Writing();
    int b = 0;
    int a = 0;
    while (b < gone.length || a < fresh.length) {
      if (b < gone.length && gone[b]) {
        writing.gone(wordsBefore.get(b++));
      } else if (a < fresh.length && fresh[a]) {
        writing.fresh(wordsAfter.get(a++));
      } else {
        writing.same(wordsBefore.get(b++));
        a++;
      }
    }
    return writing.finish();
  }

  /// Gathers words of one kind. White space that both have waits until it is known whether another
  /// change follows.
  private static final class Writing {
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder same = new StringBuilder();
    private final StringBuilder gone = new StringBuilder();
    private final StringBuilder fresh = new StringBuilder();
    private String space = "";

    void same(String word) {
      if (gone.isEmpty() && fresh.isEmpty()) {
        same.append(word);
      } else if (word.isBlank() && space.isEmpty()) {
        space = word;
      } else {
        endChange();
        same.append(word);
      }
    }

    void gone(String word) {
      change();
      gone.append(word);
    }

    void fresh(String word) {
      change();
      fresh.append(word);
    }

    private void change() {
      put(Kind.SAME, same);
      gone.append(space);
      fresh.append(space);
      space = "";
    }

    private void endChange() {
      put(Kind.GONE, gone);
      put(Kind.NEW, fresh);
      same.append(space);
      space = "";
    }

    private void put(Kind kind, StringBuilder text) {
      if (!text.isEmpty()) {
        pieces.add(new Piece(kind, text.toString()));
        text.setLength(0);
      }
    }

    List<Piece> finish() {
      endChange();
      put(Kind.SAME, same);
      return List.copyOf(pieces);
    }
  }
}
