package org.alignmentworkbench.model.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/// The merges of a byte-pair vocabulary, applied to one word.
///
/// The pair of lowest rank merges first, the leftmost of equals first, until no pair of neighbours
/// has a rank: what the reference implementation does. `O(n log n)` in the word's bytes.
final class MergeTable {
  private final Map<Long, Integer> ranks = new HashMap<>();
  private int[] merged = new int[64];

  /// Adds the next merge (its rank is the number of merges before it).
  void add(int left, int right, int result) {
    int rank = ranks.size();
    if (ranks.putIfAbsent(pair(left, right), rank) != null) {
      throw new IllegalArgumentException("merge " + left + " + " + right + " is listed twice");
    }
    if (rank == merged.length) {
      merged = Arrays.copyOf(merged, 2 * rank);
    }
    merged[rank] = result;
  }

  /// The ids of a word whose single bytes have the ids `symbols`, which is used up.
  int[] apply(int[] symbols) {
    int n = symbols.length;
    int[] previous = new int[n];
    int[] next = new int[n];
    // An entry is (rank, position of the left symbol); it is stale when that pair is gone.
    PriorityQueue<Long> queue = new PriorityQueue<>();
    for (int i = 0; i < n; i++) {
      previous[i] = i - 1;
      next[i] = i + 1 < n ? i + 1 : -1;
      offer(queue, symbols, next, i);
    }
    int count = n;
    for (Long entry = queue.poll(); entry != null; entry = queue.poll()) {
      int rank = (int) (entry >>> 32);
      int left = (int) (long) entry;
      int right = symbols[left] < 0 ? -1 : next[left];
      if (right < 0 || rank(symbols[left], symbols[right]) != rank) {
        continue;
      }
      symbols[left] = merged[rank];
      symbols[right] = -1;
      next[left] = next[right];
      if (next[right] >= 0) {
        previous[next[right]] = left;
      }
      count--;
      if (previous[left] >= 0) {
        offer(queue, symbols, next, previous[left]);
      }
      offer(queue, symbols, next, left);
    }
    int[] ids = new int[count];
    int at = 0;
    for (int symbol : symbols) {
      if (symbol >= 0) {
        ids[at++] = symbol;
      }
    }
    return ids;
  }

  private void offer(PriorityQueue<Long> queue, int[] symbols, int[] next, int left) {
    if (next[left] >= 0) {
      int rank = rank(symbols[left], symbols[next[left]]);
      if (rank >= 0) {
        queue.add(((long) rank << 32) | left);
      }
    }
  }

  private int rank(int left, int right) {
    Integer rank = ranks.get(pair(left, right));
    return rank == null ? -1 : rank;
  }

  static long pair(int left, int right) {
    return ((long) left << 32) | (right & 0xFFFFFFFFL);
  }
}
