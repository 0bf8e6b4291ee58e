package org.alignmentworkbench.app.bench.desk;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.alignmentworkbench.model.dataset.JudgedPair;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.alignmentworkbench.model.dataset.JudgementWriter;

/// Files of a large project: texts of the length that people compare, all different.
final class ProjectFiles {
  private static final String[] WORDS = {
    "the", "answer", "a", "is", "of", "river", "because", "it", "then", "number", "small", "would",
    "never", "between", "word", "model", "light", "and", "first", "not", "seven", "paper", "hold"
  };
  private static final int PROMPT_WORDS = 30;
  private static final int ANSWER_WORDS = 90;
  private static final List<String> GRADES =
      List.of("instruction_following", "concision", "truthfulness", "harmlessness");
  private static final int[] STRENGTHS = {-4, -3, -2, -1, 1, 2, 3, 4};
  private static final String TIME = "2026-01-01T00:00:00Z";

  private ProjectFiles() {}

  /// Preferences of a prompt and two answers, one a line, as other tools write them.
  static Path preferences(Path folder, int rows) throws IOException {
    Path file = folder.resolve("pairs.jsonl");
    SplittableRandom random = new SplittableRandom(11);
    try (var out = Files.newBufferedWriter(file)) {
      for (int row = 0; row < rows; row++) {
        out.write("{\"prompt\":\"" + row + " " + text(random, PROMPT_WORDS));
        out.write("\",\"chosen\":\"" + text(random, ANSWER_WORDS));
        out.write("\",\"rejected\":\"" + text(random, ANSWER_WORDS) + "\"}\n");
      }
    }
    return file;
  }

  /// Pairs as the product exports them, each judged by some of fifty people.
  ///
  /// @param from number of the first
  /// @param to number after the last
  static Path judgements(Path folder, int from, int to, int overlap) throws IOException {
    Path file = folder.resolve("judgements-" + from + ".jsonl");
    SplittableRandom random = new SplittableRandom(12L + from);
    List<String> columns =
        List.of("a_", "b_").stream().flatMap(s -> GRADES.stream().map(s::concat)).toList();
    try (JudgementWriter out =
        JudgementFormat.TRL_PREFERENCE.open(
            new BufferedOutputStream(Files.newOutputStream(file)), columns)) {
      for (int pair = from; pair < to; pair++) {
        String key = "bench/" + pair;
        String prompt = pair + " " + text(random, PROMPT_WORDS);
        String a = text(random, ANSWER_WORDS);
        String b = text(random, ANSWER_WORDS);
        int truth = random.nextInt(STRENGTHS.length);
        int first = random.nextInt(50);
        for (int ordinal = 0; ordinal < overlap; ordinal++) {
          int said = random.nextInt(3) == 0 ? random.nextInt(STRENGTHS.length) : truth;
          out.write(
              new JudgedPair(
                  key + "#" + ordinal,
                  key,
                  "bench/prompt/" + pair,
                  1,
                  JudgedPair.Status.JUDGED,
                  prompt,
                  a,
                  b,
                  key + "/a",
                  key + "/b",
                  STRENGTHS[said],
                  random.nextBoolean(),
                  grades(columns, random),
                  "",
                  "Judge " + (first + 7 * ordinal) % 50,
                  1000L + random.nextInt(60_000),
                  1,
                  false,
                  TIME));
        }
      }
    }
    return file;
  }

  private static SequencedMap<String, Integer> grades(
      List<String> columns, SplittableRandom random) {
    SequencedMap<String, Integer> grades = new LinkedHashMap<>();
    columns.forEach(column -> grades.put(column, random.nextInt(3)));
    return grades;
  }

  private static String text(SplittableRandom random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(WORDS[random.nextInt(WORDS.length)]);
    }
    return text.toString();
  }
}
