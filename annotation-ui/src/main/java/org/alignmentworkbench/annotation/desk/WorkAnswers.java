package org.alignmentworkbench.annotation.desk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Answer.Passage;
import org.alignmentworkbench.db.kind.AnswerRules;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.RedTeam.Attempt;
import org.alignmentworkbench.db.task.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Makes an answer of what a form holds, or says what keeps it from being one; and fills a form
/// with an answer.
final class WorkAnswers {
  /// The value of [WorkForm]'s `choice` that says that both are bad.
  static final String BOTH_BAD = "bad";

  private WorkAnswers() {}

  /// Why a form is not an answer yet.
  enum Problem {
    MISSING_CHOICE("work.missing.choice"),
    MISSING_LEVELS("work.missing.levels"),
    MISSING_PLACES("work.missing.places"),
    TIED_PLACES("work.missing.ties"),
    TEXT_TOO_SHORT("work.missing.text"),
    TEXT_TOO_LONG("work.tooLong"),
    MISSING_ATTEMPT("work.missing.attempt"),
    MISSING_POLICY("work.missing.policy"),
    WRONG_PASSAGES("work.missing.passages"),
    REASON_TOO_LONG("label.tooLong"),
    UNREADABLE("label.unreadable");

    /// The message that says so.
    final String word;

    Problem(String word) {
      this.word = word;
    }

    /// The name programs read.
    String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// An answer, or problems.
  record Read(@Nullable Answer answer, List<Problem> problems) {}

  /// The names of a task's fields.
  static List<String> fields(Work work) {
    List<String> names = new ArrayList<>();
    switch (work.question()) {
      case Question.Pair _ -> throw new IllegalArgumentException("a comparison is no work");
      case Question.Choice _ -> names.add("choice");
      case Question.Grade(var dimensions) ->
          dimensions.forEach(dimension -> names.add("level." + dimension.key()));
      case Question.Rank _ ->
          IntStream.range(0, work.answers().size()).forEach(i -> names.add("place." + i));
      case Question.Demonstration _, Question.Edit _ -> names.add("text");
      case Question.RedTeam _ -> names.addAll(List.of("text", "attempt", "policy", "severity"));
      case Question.Span _ -> names.add("passages");
    }
    names.add("reason");
    return names;
  }

  static Read read(Work work, WorkForm form) {
    List<Problem> problems = new ArrayList<>();
    if (form.key() == null || form.guidelineVersion() < 0) {
      problems.add(Problem.UNREADABLE);
    }
    Answer answer =
        switch (work.question()) {
          case Question.Pair _ -> throw new IllegalArgumentException("a comparison is no work");
          case Question.Choice(boolean bothBad) -> chosen(bothBad, form, problems);
          case Question.Grade(var dimensions) -> graded(dimensions, form, problems);
          case Question.Rank(boolean ties) -> ranked(work.answers().size(), ties, form, problems);
          case Question.Demonstration(int least) -> new Answer.Written(text(form, least, problems));
          case Question.Edit() -> new Answer.Edited(text(form, 1, problems));
          case Question.RedTeam(var _, var policies) ->
              attacked(policies, work.attempts(), form, problems);
          case Question.Span span -> marked(work.answers().getFirst(), span, form, problems);
        };
    if (form.value("reason").length() > Entry.REASON_LIMIT) {
      problems.add(Problem.REASON_TOO_LONG);
    }
    return new Read(problems.isEmpty() ? answer : null, problems);
  }

  private static @Nullable Answer chosen(boolean bothBad, WorkForm form, List<Problem> problems) {
    // The order in which they were shown is the database's to say.
    List<Integer> shown = List.of(0, 1);
    if (bothBad && form.value("choice").equals(BOTH_BAD)) {
      return new Answer.Chosen(Answer.Choice.BOTH_BAD, 0, shown);
    }
    Integer strength = JudgementForm.number(form.value("choice"));
    if (strength == null || Math.abs(strength) > Answer.Chosen.STRONGEST) {
      problems.add(Problem.MISSING_CHOICE);
      return null;
    }
    return new Answer.Chosen(
        strength == 0 ? Answer.Choice.TIE : Answer.Choice.PREFERS, strength, shown);
  }

  private static @Nullable Answer graded(
      List<Dimension> dimensions, WorkForm form, List<Problem> problems) {
    var levels = new LinkedHashMap<String, Integer>();
    for (Dimension dimension : dimensions) {
      Integer level = JudgementForm.number(form.value("level." + dimension.key()));
      if (level == null || level < 0 || level >= dimension.levels().size()) {
        problems.add(Problem.MISSING_LEVELS);
        return null;
      }
      levels.put(dimension.key(), level);
    }
    return new Answer.Graded(levels);
  }

  /// People may leave a place out after a tie, as in sports, or not: it means the same.
  private static @Nullable Answer ranked(
      int answers, boolean ties, WorkForm form, List<Problem> problems) {
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < answers; i++) {
      Integer place = JudgementForm.number(form.value("place." + i));
      if (place == null || place < 1 || place > answers) {
        problems.add(Problem.MISSING_PLACES);
        return null;
      }
      chosen.add(place);
    }
    List<Integer> distinct = List.copyOf(new TreeSet<>(chosen));
    if (!ties && distinct.size() < answers) {
      problems.add(Problem.TIED_PLACES);
      return null;
    }
    // The order in which they were shown is the database's to say.
    return new Answer.Ranked(
        chosen.stream().map(place -> distinct.indexOf(place) + 1).toList(),
        Collections.nCopies(answers, 0));
  }

  private static String text(WorkForm form, int least, List<Problem> problems) {
    String text = form.value("text").replace("\0", "").strip();
    if (text.codePointCount(0, text.length()) < least) {
      problems.add(Problem.TEXT_TOO_SHORT);
    }
    if (text.length() > Answer.LONGEST) {
      problems.add(Problem.TEXT_TOO_LONG);
    }
    return text;
  }

  private static @Nullable Answer attacked(
      List<String> policies, List<Attempt> attempts, WorkForm form, List<Problem> problems) {
    Optional<Attempt> attempt =
        attempts.stream()
            .filter(one -> Long.toString(one.id()).equals(form.value("attempt")))
            .findFirst();
    Integer policy = JudgementForm.number(form.value("policy"));
    Integer severity = JudgementForm.number(form.value("severity"));
    if (attempt.isEmpty()) {
      problems.add(Problem.MISSING_ATTEMPT);
    }
    boolean none = policy != null && policy == 0;
    boolean broken =
        policy != null
            && policy > 0
            && policy <= policies.size()
            && severity != null
            && severity >= 1
            && severity <= Answer.Attacked.SEVEREST;
    if (!none && !broken) {
      problems.add(Problem.MISSING_POLICY);
    }
    if (attempt.isEmpty() || policy == null || (!none && !broken)) {
      return null;
    }
    return new Answer.Attacked(
        attempt.get().prompt(),
        attempt.get().response(),
        none ? "" : policies.get(policy - 1),
        none || severity == null ? 0 : severity);
  }

  private static @Nullable Answer marked(
      String text, Question.Span question, WorkForm form, List<Problem> problems) {
    String given = form.value("passages");
    try {
      List<Passage> own =
          KindJson.passages(given.isEmpty() ? "[]" : given).stream()
              .map(passage -> own(text, passage))
              .toList();
      return AnswerRules.check(question, List.of(text), new Answer.Marked(own));
    } catch (IllegalArgumentException wrong) {
      problems.add(Problem.WRONG_PASSAGES);
      return null;
    }
  }

  /// A browser shows CR LF as one line end, so a passage's numbers are of the text as it is shown.
  private static Passage own(String text, Passage shown) {
    return new Passage(own(text, shown.from()), own(text, shown.to()), shown.reason());
  }

  /// The code point of the text at which so many code points as shown are over; -1 beyond its end.
  static int own(String text, int shown) {
    int[] points = text.codePoints().toArray();
    int seen = 0;
    for (int i = 0; i < points.length; i++) {
      if (seen == shown) {
        return i;
      }
      boolean half = points[i] == '\r' && i + 1 < points.length && points[i + 1] == '\n';
      seen += half ? 0 : 1;
    }
    return seen == shown ? points.length : -1;
  }

  /// The fields of [WorkForm] that an answer was made of.
  static Map<String, String> filled(Work work, Answer answer) {
    Map<String, String> fields = new LinkedHashMap<>();
    switch (answer) {
      case Answer.Chosen(var choice, int strength, var shown) -> {
        int seen = shown.getFirst() == 0 ? strength : -strength;
        fields.put("choice", choice == Answer.Choice.BOTH_BAD ? BOTH_BAD : Integer.toString(seen));
      }
      case Answer.Graded(var levels) ->
          levels.forEach((key, level) -> fields.put("level." + key, Integer.toString(level)));
      case Answer.Ranked(var places, var shown) -> {
        for (int i = 0; i < shown.size(); i++) {
          fields.put("place." + i, Integer.toString(places.get(shown.get(i))));
        }
      }
      case Answer.Written(String text) -> fields.put("text", text);
      case Answer.Edited(String text) -> fields.put("text", text);
      case Answer.Marked(var passages) -> {
        String text = work.answers().getFirst();
        List<Passage> seen = passages.stream().map(passage -> seen(text, passage)).toList();
        fields.put("passages", JsonMapper.shared().writeValueAsString(seen));
      }
      case Answer.Attacked attacked -> attack(work, attacked, fields);
    }
    return fields;
  }

  private static void attack(Work work, Answer.Attacked attacked, Map<String, String> fields) {
    work.attempts().stream()
        .filter(attempt ->
            attempt.prompt().equals(attacked.prompt())
                && attempt.response().equals(attacked.response()))
        .map(Attempt::id)
        .findFirst()
        .ifPresent(id -> fields.put("attempt", Long.toString(id)));
    if (work.question() instanceof Question.RedTeam(var _, var policies)) {
      // None is 0, and so is what is in no list.
      fields.put("policy", Integer.toString(policies.indexOf(attacked.policy()) + 1));
    }
    if (attacked.severity() > 0) {
      fields.put("severity", Integer.toString(attacked.severity()));
    }
  }

  /// A passage as a browser counts it, for which CR LF is one line end.
  private static Passage seen(String text, Passage own) {
    return new Passage(seen(text, own.from()), seen(text, own.to()), own.reason());
  }

  private static int seen(String text, int own) {
    int[] points = text.codePoints().toArray();
    int halves = 0;
    for (int i = 0; i < own; i++) {
      if (points[i] == '\r' && i + 1 < points.length && points[i + 1] == '\n') {
        halves++;
      }
    }
    return own - halves;
  }
}
