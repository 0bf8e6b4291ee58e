package org.alignmentworkbench.app.exchange.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignmentworkbench.app.people.Languages;
import org.alignmentworkbench.db.exchange.BroughtPair;
import org.alignmentworkbench.db.exchange.BroughtPair.BroughtJudgement;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.Refusal;
import org.alignmentworkbench.db.prompt.PromptTurn;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.model.dataset.Example;
import org.alignmentworkbench.model.dataset.Example.Verdict;
import org.alignmentworkbench.model.dataset.JudgedPair;
import org.alignmentworkbench.model.dataset.RowOutcome.Accepted;
import org.alignmentworkbench.model.dataset.Turn;
import org.alignmentworkbench.model.dataset.json.JsonBoolean;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// What a row of a file says about pairs of answers.
///
/// | row | pair | judgement |
/// |---|---|---|
/// | an own export | under its own keys, in its round | as it was given |
/// | a preference (TRL, hh-rlhf) | under the hashes of its texts, in round 0 | by nobody in particular, of the import's strength |
/// | a pair of a labelling tool | the same | one a person; of the import's strength where it says none |
///
/// Round 0 is before the loop's first. In a foreign pair A is the answer whose hash is smaller, so
/// that the better one is on neither side by rule. A prompt of several turns becomes one text that
/// names the speakers; the turns themselves go along.
///
/// @param pairs one for each judgement, or one without
/// @param refusals what was left out of the row
record BroughtRow(List<BroughtPair> pairs, List<Refusal> refusals) {
  /// Who judged where the file does not say.
  static final String UNNAMED = "unnamed";

  private static final String IMPORTED = "imported/";
  private static final String LANGUAGE = "language";

  private static final int HASH_DIGITS = 16;
  private static final int LONGEST_KEY = 500;
  private static final int LONGEST_NAME = 120;
  private static final int LAST_ROUND = 1_000_000;
  private static final int LAST_ORDINAL = 10_000;

  /// A hundred days: longer than anybody sits at a pair, and ten million of them have a sum.
  private static final long LONGEST_ACTIVE_MS = 100L * 24 * 3_600_000;

  private static final Instant FIRST_TIME = Instant.EPOCH;
  private static final Instant LAST_TIME = Instant.parse("2200-01-01T00:00:00Z");

  BroughtRow {
    pairs = List.copyOf(pairs);
    refusals = List.copyOf(refusals);
  }

  /// Reads a row.
  ///
  /// @param strength of a preference that says none
  static BroughtRow of(Accepted row, Purpose purpose, int strength) {
    try {
      BroughtRow brought = read(row, purpose, strength);
      @Nullable String language =
          row.example() instanceof Example.Judged(JudgedPair judgement)
              ? tag(judgement.language())
              : language(row.metadata());
      return language == null
          ? brought
          : new BroughtRow(
              brought.pairs().stream().map(pair -> pair.in(language)).toList(), brought.refusals());
    } catch (Left left) {
      return new BroughtRow(List.of(), List.of(left.of(row.row())));
    }
  }

  private static BroughtRow read(Accepted row, Purpose purpose, int strength) {
    return switch (row.example()) {
      case Example.Judged judged -> own(row.row(), judged.judgement(), purpose);
      case Example.Preference preference -> preference(row.row(), preference, purpose, strength);
      case Example.ComparedPair pair -> compared(row.row(), pair, purpose, strength);
      case Example.RatedCompletion _ -> throw new Left("NO_PAIR", "one rated answer is no pair");
      case Example.Demonstration _ -> throw new Left("NO_PAIR", "one answer is no pair");
      case Example.Conversation _ -> throw new Left("NO_PAIR", "a conversation is no pair");
      case Example.Prompt _ -> throw new Left("NO_PAIR", "a prompt without answers is no pair");
    };
  }

  /// What a row says of its prompt's language, beside its texts or among what describes it.
  private static @Nullable String language(JsonObject metadata) {
    @Nullable String own = tag(metadata.text(LANGUAGE));
    return own == null && metadata.get("metadata") instanceof JsonObject inner
        ? tag(inner.text(LANGUAGE))
        : own;
  }

  /// A BCP 47 tag in lower case; null where the text is none, for other tools have the field too
  /// and say in it what they like.
  private static @Nullable String tag(@Nullable String said) {
    if (said == null) {
      return null;
    }
    String tag = said.strip().replace('_', '-').toLowerCase(Locale.ROOT);
    return Languages.isTag(tag) ? tag : null;
  }

  /// A reason to leave something out.
  private static final class Left extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String rule;
    private final String sentence;

    Left(String rule, String sentence) {
      super(sentence, null, false, false);
      this.rule = rule;
      this.sentence = sentence;
    }

    Refusal of(long row) {
      return new Refusal(row, rule, sentence);
    }
  }

  private static BroughtRow own(long row, JudgedPair pair, Purpose purpose) {
    if (pair.round() < 0 || pair.round() > LAST_ROUND) {
      throw new Left("ROUND", "round must be 0.." + LAST_ROUND + ", was " + pair.round());
    }
    different(pair.responseA(), pair.responseB());
    for (String key :
        List.of(pair.pair(), pair.promptKey(), pair.responseAKey(), pair.responseBKey())) {
      if (key.length() > LONGEST_KEY) {
        throw new Left(
            "KEY_TOO_LONG",
            "a key must have at most %d characters, has %d".formatted(LONGEST_KEY, key.length()));
      }
    }
    if (pair.responseAKey().equals(pair.responseBKey())) {
      throw new Left("SAME_ANSWERS", "both answers have the key '" + pair.responseAKey() + "'");
    }
    return one(
        new BroughtPair(
            row,
            pair.pair(),
            pair.promptKey(),
            pair.prompt(),
            pair.responseAKey(),
            pair.responseA(),
            pair.responseBKey(),
            pair.responseB(),
            pair.round(),
            purpose == Purpose.PAIRS ? null : judgement(pair)));
  }

  private static BroughtJudgement judgement(JudgedPair pair) {
    if (pair.status() == JudgedPair.Status.WITHDRAWN) {
      throw new Left("WITHDRAWN", "the judgement was withdrawn, so it counts no more");
    }
    if (pair.activeMs() != null && (pair.activeMs() < 0 || pair.activeMs() > LONGEST_ACTIVE_MS)) {
      throw new Left(
          "ACTIVE_MS",
          "active_ms must be 0..%d, was %d".formatted(LONGEST_ACTIVE_MS, pair.activeMs()));
    }
    return new BroughtJudgement(
        ordinal(pair),
        name(pair.annotator()),
        pair.scripted(),
        pair.strength(),
        grades(pair.grades(), "a_"),
        grades(pair.grades(), "b_"),
        pair.reason(),
        pair.aLeft(),
        pair.activeMs(),
        pair.guidelineVersion(),
        time(pair.createdAt()));
  }

  /// The slot that an own export names after the pair's key.
  private static @Nullable Integer ordinal(JudgedPair pair) {
    String begin = pair.pair() + "#";
    if (!pair.id().startsWith(begin)
        || !pair.id().substring(begin.length()).matches("[0-9]{1,5}")) {
      return null;
    }
    int ordinal = Integer.parseInt(pair.id().substring(begin.length()));
    return ordinal < LAST_ORDINAL ? ordinal : null;
  }

  private static @Nullable Grades grades(Map<String, Integer> given, String side) {
    List<String> names =
        List.of(
            side + "instruction_following",
            side + "concision",
            side + "truthfulness",
            side + "harmlessness");
    if (names.stream().noneMatch(given::containsKey)) {
      return null;
    }
    for (String name : names) {
      @Nullable Integer grade = given.get(name);
      if (grade == null || grade < 0 || grade > Grades.BEST) {
        throw new Left("GRADE", "grade_" + name + " must be 0, 1 or 2, was " + grade);
      }
    }
    int[] grades = names.stream().mapToInt(given::get).toArray();
    return new Grades(grades[0], grades[1], grades[2], grades[3]);
  }

  private static BroughtRow preference(
      long row, Example.Preference preference, Purpose purpose, int strength) {
    String prompt = prompt(preference.prompt());
    String chosen = answer("chosen", preference.chosen());
    String rejected = answer("rejected", preference.rejected());
    Foreign foreign = Foreign.of(prompt, turns(preference.prompt()), chosen, rejected);
    return one(
        foreign.pair(
            row,
            purpose == Purpose.PAIRS
                ? null
                : foreign.judgement(UNNAMED, -strength, null, null, null, false, "", null, null)));
  }

  private static BroughtRow compared(
      long row, Example.ComparedPair pair, Purpose purpose, int strength) {
    Foreign foreign = Foreign.of(pair.prompt(), List.of(), pair.first(), pair.second());
    if (purpose == Purpose.PAIRS || pair.verdicts().isEmpty()) {
      return one(foreign.pair(row, null));
    }
    List<BroughtPair> pairs = new ArrayList<>();
    List<Refusal> refusals = new ArrayList<>();
    for (Verdict verdict : pair.verdicts()) {
      try {
        pairs.add(foreign.pair(row, judgement(foreign, verdict, strength)));
      } catch (Left left) {
        refusals.add(left.of(row));
      }
    }
    return new BroughtRow(pairs, refusals);
  }

  private static BroughtJudgement judgement(Foreign foreign, Verdict verdict, int strength) {
    Map<String, Integer> grades =
        verdict.ratings().entrySet().stream()
            .filter(rating -> rating.getKey().startsWith("grade_"))
            .collect(
                Collectors.toMap(
                    rating -> rating.getKey().substring("grade_".length()),
                    rating -> (int) Math.round(rating.getValue())));
    return foreign.judgement(
        name(verdict.annotator()),
        signed(verdict, strength),
        grades(grades, "a_"),
        grades(grades, "b_"),
        verdict.details().get("a_left") instanceof JsonBoolean left
            ? (Boolean) (left == JsonBoolean.TRUE)
            : null,
        verdict.details().get("scripted") == JsonBoolean.TRUE,
        verdict.reason(),
        verdict.seconds() == null
                || verdict.seconds() < 0
                || verdict.seconds() * 1000 > LONGEST_ACTIVE_MS
            ? null
            : (Long) Math.round(verdict.seconds() * 1000),
        verdict);
  }

  /// Negative where the first answer is better; null for a skip.
  private static @Nullable Integer signed(Verdict verdict, int strength) {
    @Nullable Integer said = verdict.strength();
    int size = said != null && said != 0 && Math.abs(said) <= 4 ? Math.abs(said) : strength;
    return switch (verdict.choice()) {
      case null -> null;
      case FIRST -> (Integer) (-size);
      case SECOND -> (Integer) size;
      case TIE ->
          throw new Left(
              "TIE", "'" + verdict.annotator() + "' says both are alike, which has no place here");
    };
  }

  private static String name(String annotator) {
    if (annotator.isBlank()) {
      return UNNAMED;
    }
    if (annotator.length() > LONGEST_NAME) {
      throw new Left(
          "NAME_TOO_LONG",
          "a name must have at most %d characters, has %d"
              .formatted(LONGEST_NAME, annotator.length()));
    }
    return annotator;
  }

  /// The time, null where it cannot be read or is none that a judgement can have.
  private static @Nullable Instant time(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      Instant time = Instant.parse(text);
      return time.isBefore(FIRST_TIME) || time.isAfter(LAST_TIME) ? null : time;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String prompt(List<Turn> turns) {
    if (turns.size() == 1 && turns.getFirst().role() == Turn.Role.USER) {
      return turns.getFirst().content();
    }
    return turns.stream()
        .map(turn -> capital(turn.role()) + ": " + turn.content())
        .collect(Collectors.joining("\n\n"));
  }

  /// The turns of a prompt that is more than one question.
  private static List<PromptTurn> turns(List<Turn> turns) {
    return turns.size() == 1 && turns.getFirst().role() == Turn.Role.USER
        ? List.of()
        : turns.stream()
            .map(
                turn -> new PromptTurn(PromptTurn.Role.valueOf(turn.role().name()), turn.content()))
            .toList();
  }

  private static String capital(Turn.Role role) {
    return role.name().charAt(0) + role.name().substring(1).toLowerCase(Locale.ROOT);
  }

  private static String answer(String name, List<Turn> turns) {
    if (turns.size() != 1) {
      throw new Left("NOT_ONE_TURN", name + " must be one turn, has " + turns.size());
    }
    return turns.getFirst().content();
  }

  private static void different(String one, String other) {
    if (one.equals(other)) {
      throw new Left("SAME_ANSWERS", "both answers have the same text");
    }
  }

  private static BroughtRow one(BroughtPair pair) {
    return new BroughtRow(List.of(pair), List.of());
  }

  /// A pair that brings no keys.
  ///
  /// @param turned whether the first answer of the file is B
  private record Foreign(
      String prompt,
      List<PromptTurn> turns,
      String promptKey,
      String keyA,
      String textA,
      String keyB,
      String textB,
      boolean turned) {
    static Foreign of(String prompt, List<PromptTurn> turns, String first, String second) {
      different(first, second);
      String promptKey = IMPORTED + hash(prompt);
      String one = promptKey + "/" + hash(first);
      String other = promptKey + "/" + hash(second);
      return one.compareTo(other) < 0
          ? new Foreign(prompt, turns, promptKey, one, first, other, second, false)
          : new Foreign(prompt, turns, promptKey, other, second, one, first, true);
    }

    BroughtPair pair(long row, @Nullable BroughtJudgement judgement) {
      return new BroughtPair(
          row,
          "r0:%s:%s~%s".formatted(promptKey, keyA, keyB),
          promptKey,
          prompt,
          turns,
          keyA,
          textA,
          keyB,
          textB,
          0,
          judgement,
          null);
    }

    /// Turns what is said of the first and the second answer into what is said of A and B.
    BroughtJudgement judgement(
        String annotator,
        @Nullable Integer strength,
        @Nullable Grades first,
        @Nullable Grades second,
        @Nullable Boolean firstLeft,
        boolean scripted,
        String reason,
        @Nullable Long activeMs,
        @Nullable Verdict verdict) {
      return new BroughtJudgement(
          null,
          annotator,
          scripted,
          strength == null ? null : (Integer) (turned ? -strength : strength),
          turned ? second : first,
          turned ? first : second,
          reason,
          firstLeft == null ? null : (Boolean) (firstLeft != turned),
          activeMs,
          verdict == null ? null : guideline(verdict),
          verdict == null ? null : time(verdict.createdAt()));
    }

    private static @Nullable Integer guideline(Verdict verdict) {
      @Nullable Long version =
          verdict.details().get("guideline_version") instanceof JsonNumber number
              ? number.asLongOrNull()
              : null;
      return version == null || version < 0 || version > Integer.MAX_VALUE
          ? null
          : (Integer) (int) (long) version;
    }

    private static String hash(String text) {
      try {
        return HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)))
            .substring(0, HASH_DIGITS);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }
  }
}
