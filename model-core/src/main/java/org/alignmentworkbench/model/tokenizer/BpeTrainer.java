package org.alignmentworkbench.model.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Learns a byte-level BPE vocabulary from text (Sennrich et al., "Neural machine translation of
/// rare words with subword units", 2016, on bytes as in GPT-2).
///
/// ```
/// tokens = specials, then the 256 bytes (in the order of their letters)
/// repeat: of all pairs of neighbours inside words, the most frequent becomes a token
/// ```
///
/// Deterministic in the multiset of words: among pairs of equal count the one whose left bytes,
/// then right bytes, come first in unsigned byte order wins. Digits are words of their own, so no
/// token holds two. A text that holds a special token's string is cut there and the string learnt
/// from no further. A pair seen only once is not merged: a vocabulary that the text cannot fill is
/// refused.
public final class BpeTrainer {
  private static final PreTokenizer WORDS = PreTokenizer.of(TextCut.GPT2_SINGLE_DIGITS);

  private final List<byte[]> tokens = new ArrayList<>();
  private final List<int[]> words = new ArrayList<>();
  private final List<Long> counts = new ArrayList<>();
  private final Map<Long, Long> pairCounts = new HashMap<>();
  private final Map<Long, Set<Integer>> wordsOfPair = new HashMap<>();
  private final PriorityQueue<Candidate> queue =
      new PriorityQueue<>(
          Comparator.comparingLong(Candidate::count)
              .reversed()
              .thenComparing(this::left, Arrays::compareUnsigned)
              .thenComparing(this::right, Arrays::compareUnsigned));

  private BpeTrainer() {}

  /// A pair with the count it had when it was queued.
  private record Candidate(long pair, long count) {}

  /// Learns a vocabulary.
  ///
  /// @param texts the text to learn from
  /// @param vocabularySize tokens wanted, specials and bytes included
  /// @param specials control tokens; they take the first ids in this order
  public static Tokenizer train(Iterable<String> texts, int vocabularySize, List<String> specials) {
    int smallest = specials.size() + 256;
    if (vocabularySize < smallest) {
      throw new IllegalArgumentException(
          "vocabularySize must be at least "
              + smallest
              + " (specials and bytes), was "
              + vocabularySize);
    }
    Set<String> specialSet = new LinkedHashSet<>(specials);
    if (specialSet.size() != specials.size()) {
      throw new IllegalArgumentException("a special token is listed twice: " + specials);
    }
    return new BpeTrainer().learn(countWords(texts, specials), vocabularySize, specialSet);
  }

  /// Sorted, so that nothing depends on the order of the texts.
  private static Map<String, Long> countWords(Iterable<String> texts, List<String> specials) {
    Pattern cuts =
        Pattern.compile(
            specials.isEmpty()
                ? "(?!)"
                : specials.stream().map(Pattern::quote).collect(Collectors.joining("|")));
    Map<String, Long> found = new HashMap<>();
    for (String text : texts) {
      cuts.splitAsStream(Tokenizer.wellFormed(text))
          .forEach(part -> WORDS.split(part, word -> found.merge(word, 1L, Long::sum)));
    }
    return new TreeMap<>(found);
  }

  private Tokenizer learn(Map<String, Long> found, int vocabularySize, Set<String> specials) {
    List<String> names = new ArrayList<>(specials);
    specials.forEach(special -> tokens.add(special.getBytes(StandardCharsets.UTF_8)));
    int[] byteIds = new int[256];
    List<Integer> byLetter = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      byLetter.add(b);
    }
    byLetter.sort(Comparator.comparingInt(ByteAlphabet::letter));
    for (int b : byLetter) {
      byteIds[b] = tokens.size();
      tokens.add(new byte[] {(byte) b});
      names.add(String.valueOf(ByteAlphabet.letter(b)));
    }
    found.forEach((word, count) -> {
      byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
      int[] symbols = new int[utf8.length];
      for (int i = 0; i < utf8.length; i++) {
        symbols[i] = byteIds[utf8[i] & 0xFF];
      }
      words.add(symbols);
      counts.add(count);
    });
    Map<Long, Long> changes = new HashMap<>();
    for (int w = 0; w < words.size(); w++) {
      countPairs(w, 1, changes);
    }
    changes.forEach(this::change);

    List<List<String>> merges = new ArrayList<>();
    Map<String, Integer> ids = new HashMap<>();
    while (tokens.size() < vocabularySize) {
      Candidate best = queue.poll();
      if (best == null || best.count() < 2) {
        throw new IllegalArgumentException(
            "the text yields only "
                + tokens.size()
                + " tokens with pairs seen twice, wanted "
                + vocabularySize);
      }
      if (best.count() != pairCounts.getOrDefault(best.pair(), 0L)) {
        continue; // stale: queued again with its present count when that changed
      }
      int left = (int) (best.pair() >>> 32);
      int right = (int) best.pair();
      String joined = names.get(left) + names.get(right);
      if (specials.contains(joined)) {
        pairCounts.remove(best.pair());
        continue;
      }
      Integer id = ids.get(joined); // another pair may have made the same bytes already
      if (id == null) {
        id = tokens.size();
        ids.put(joined, id);
        names.add(joined);
        tokens.add(concatenation(tokens.get(left), tokens.get(right)));
      }
      merges.add(List.of(names.get(left), names.get(right)));
      merge(best.pair(), id);
    }
    return Tokenizer.of(names, merges, specials);
  }

  /// Rewrites the words that hold a pair.
  private void merge(long pair, int id) {
    int left = (int) (pair >>> 32);
    int right = (int) pair;
    // A copy: rewriting drops and adds words of this very pair.
    Set<Integer> holders = new HashSet<>(wordsOfPair.getOrDefault(pair, Set.of()));
    wordsOfPair.remove(pair);
    Map<Long, Long> changes = new HashMap<>();
    for (int w : holders) {
      countPairs(w, -1, changes);
      words.set(w, replace(words.get(w), left, right, id));
      countPairs(w, 1, changes);
    }
    changes.forEach(this::change);
  }

  private static byte[] concatenation(byte[] left, byte[] right) {
    byte[] joined = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, joined, left.length, right.length);
    return joined;
  }

  private static int[] replace(int[] word, int left, int right, int id) {
    int[] out = new int[word.length];
    int size = 0;
    for (int i = 0; i < word.length; i++) {
      if (i + 1 < word.length && word[i] == left && word[i + 1] == right) {
        out[size++] = id;
        i++;
      } else {
        out[size++] = word[i];
      }
    }
    return Arrays.copyOf(out, size);
  }

  private void countPairs(int w, int sign, Map<Long, Long> changes) {
    int[] word = words.get(w);
    for (int i = 0; i + 1 < word.length; i++) {
      long pair = MergeTable.pair(word[i], word[i + 1]);
      changes.merge(pair, sign * counts.get(w), Long::sum);
      if (sign > 0) {
        wordsOfPair.computeIfAbsent(pair, p -> new HashSet<>()).add(w);
      }
    }
  }

  /// Most pairs of a rewritten word are as frequent as before: only the others are queued again.
  private void change(long pair, long by) {
    if (by == 0) {
      return;
    }
    long count = pairCounts.merge(pair, by, Long::sum);
    if (count > 0) {
      queue.add(new Candidate(pair, count));
    }
  }

  private byte[] left(Candidate candidate) {
    return tokens.get((int) (candidate.pair() >>> 32));
  }

  private byte[] right(Candidate candidate) {
    return tokens.get((int) candidate.pair());
  }
}
