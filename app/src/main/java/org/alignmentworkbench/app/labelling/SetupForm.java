package org.alignmentworkbench.app.labelling;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Harm;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.CheckRule;
import org.jspecify.annotations.Nullable;

/// The form of a set-up as it was filled in.
///
/// @param kind what is to be done
/// @param overlap judgements wanted of each task
/// @param preset dimensions to grade: `four`, `summary` or `own`
/// @param dimensions own ones, one a line: `Name: worst, ..., best`
/// @param answers of a ranking
/// @param bothBad whether both answers of a choice may be called bad
/// @param repeats of a choice, percent that are asked again with the sides swapped
/// @param least characters of an ideal answer
/// @param reasons to mark a passage with, one a line
/// @param harm that a red-team task is about
/// @param policies that an answer may break, one a line
/// @param split of the prompts, or empty for all
/// @param model name of the model whose responses are taken, or empty for all
/// @param most tasks at most
/// @param mixed whether they are mixed with what waits already
record SetupForm(
    TaskKind kind,
    String overlap,
    String preset,
    String dimensions,
    String answers,
    boolean ties,
    boolean bothBad,
    String repeats,
    String least,
    String reasons,
    String harm,
    String policies,
    String split,
    String model,
    String most,
    boolean mixed) {
  private static final List<String> FOUR =
      List.of("instructionFollowing", "concision", "truthfulness", "harmlessness");
  private static final List<String> SUMMARY =
      List.of("composition", "comprehensiveness", "groundedness", "instructions", "harmlessness");
  private static final int LEVELS = 3;
  private static final int MOST_REASONS = Question.Span.MOST;
  private static final int MOST_POLICIES = Question.RedTeam.MOST;

  /// Kinds that can be set up, in the order of the page.
  static final List<TaskKind> KINDS = List.of(TaskKind.values());

  /// The form as it begins.
  static SetupForm start(TaskKind kind, Words words) {
    return new SetupForm(
        kind,
        "3",
        "four",
        "",
        "3",
        true,
        true,
        "0",
        "20",
        words.of("setup.reasons.usual").replace("; ", "\n"),
        Harm.OTHER.name(),
        "",
        "",
        "",
        "200",
        false);
  }

  static SetupForm read(TaskKind kind, Function<String, @Nullable String> field) {
    return new SetupForm(
        kind,
        text(field, "overlap"),
        text(field, "preset"),
        text(field, "dimensions"),
        text(field, "answers"),
        "true".equals(field.apply("ties")),
        "true".equals(field.apply("bothBad")),
        text(field, "repeats"),
        text(field, "least"),
        text(field, "reasons"),
        text(field, "harm"),
        text(field, "policies"),
        text(field, "split"),
        text(field, "model"),
        text(field, "most"),
        "true".equals(field.apply("mixed")));
  }

  private static String text(Function<String, @Nullable String> field, String name) {
    String text = field.apply(name);
    return text == null ? "" : text.replace("\r\n", "\n").strip();
  }

  /// @throws IllegalArgumentException with value, rule and place, in the reader's words
  int wantedOverlap(Words words) {
    return number("overlap", overlap, 1, SetupDesk.MOST_OVERLAP, words);
  }

  /// @throws IllegalArgumentException with value, rule and place, in the reader's words
  int mostTasks(Words words) {
    return number("most", most, 1, SetupDesk.MOST_TASKS, words);
  }

  /// The share of choices that are asked again; a form without the field wants none.
  ///
  /// @throws IllegalArgumentException with value, rule and place, in the reader's words
  int repeatPercent(Words words) {
    return kind == TaskKind.CHOICE && !repeats.isEmpty()
        ? number("repeats", repeats, 0, CheckRule.MOST_PERCENT, words)
        : 0;
  }

  /// How many answers a task of the kind has.
  ///
  /// @throws IllegalArgumentException with value, rule and place, in the reader's words
  int answersOfATask(Words words) {
    return kind == TaskKind.RANK
        ? number("answers", answers, kind.fewestAnswers(), kind.mostAnswers(), words)
        : kind.mostAnswers();
  }

  /// A field is called what the page calls it: its name in the form says nothing to a lead.
  private static int number(String name, String text, int least, int most, Words words) {
    int number = text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
    if (number < least || number > most) {
      throw new IllegalArgumentException(
          words.of("checks.range", words.of("setup." + name), least, most, text));
    }
    return number;
  }

  /// How the tasks are to be asked.
  ///
  /// @throws IllegalArgumentException with value, rule and place
  Question question(Words words) {
    return switch (kind) {
      case PAIR -> new Question.Pair();
      case CHOICE -> new Question.Choice(bothBad);
      case GRADE -> new Question.Grade(dimensionsWanted(words));
      case RANK -> new Question.Rank(ties);
      case DEMONSTRATION -> new Question.Demonstration(number("least", least, 1, 5_000, words));
      case EDIT -> new Question.Edit();
      case SPAN -> new Question.Span(lines("reasons", reasons, MOST_REASONS, words));
      case RED_TEAM ->
          new Question.RedTeam(wantedHarm(), lines("policies", policies, MOST_POLICIES, words));
    };
  }

  private static List<String> lines(String name, String text, int most, Words words) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    if (lines.isEmpty() || lines.size() > most) {
      throw new IllegalArgumentException(
          words.of("setup.lines.bad", words.of("setup." + name), most, lines.size()));
    }
    return lines;
  }

  private Harm wantedHarm() {
    return Stream.of(Harm.values())
        .filter(one -> one.name().equals(harm))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "harm must be one of %s, was '%s'".formatted(List.of(Harm.values()), harm)));
  }

  private List<Dimension> dimensionsWanted(Words words) {
    return switch (preset) {
      case "four" -> preset(FOUR, "label.criterion.", "label.grade.", words);
      case "summary" -> preset(SUMMARY, "setup.summary.", "setup.summary.level.", words);
      case "own" -> own(words);
      default ->
          throw new IllegalArgumentException(
              "preset must be four, summary or own, was '%s'".formatted(preset));
    };
  }

  private static List<Dimension> preset(
      List<String> keys, String names, String levels, Words words) {
    List<String> steps =
        Stream.iterate(0, level -> level + 1)
            .limit(LEVELS)
            .map(level -> words.of(levels + level))
            .toList();
    return keys.stream().map(key -> new Dimension(key, words.of(names + key), steps)).toList();
  }

  private List<Dimension> own(Words words) {
    List<Dimension> own = new ArrayList<>();
    for (String line : dimensions.lines().filter(l -> !l.isBlank()).toList()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException(words.of("setup.dimensions.bad", own.size() + 1, line));
      }
      List<String> levels =
          Stream.of(line.substring(colon + 1).split("[,،]")).map(String::strip).toList();
      if (levels.size() < Dimension.FEWEST_LEVELS || levels.size() > Dimension.MOST_LEVELS) {
        throw new IllegalArgumentException(
            words.of(
                "setup.levels.bad",
                own.size() + 1,
                Dimension.FEWEST_LEVELS,
                Dimension.MOST_LEVELS,
                line));
      }
      own.add(new Dimension("own-" + (own.size() + 1), line.substring(0, colon).strip(), levels));
    }
    if (own.isEmpty()) {
      throw new IllegalArgumentException(words.of("setup.dimensions.none"));
    }
    return own;
  }
}
