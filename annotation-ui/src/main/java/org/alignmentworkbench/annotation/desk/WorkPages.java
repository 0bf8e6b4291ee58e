package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.alignmentworkbench.annotation.diff.Piece;
import org.alignmentworkbench.annotation.diff.WordDiff;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Guideline;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Work;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Makes the view records of a task that is no comparison.
final class WorkPages {
  private final DeskPages desk;
  private final GuidelineRepository guidelines;
  private final Formats formats;
  private final Clock clock;
  private final Duration lease;
  private final JsonMapper json =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  WorkPages(
      DeskPages desk,
      GuidelineRepository guidelines,
      Formats formats,
      Clock clock,
      Duration lease) {
    this.desk = desk;
    this.guidelines = guidelines;
    this.formats = formats;
    this.clock = clock;
    this.lease = lease;
  }

  /// The page of a task in hand.
  ///
  /// @param posted what was posted and could not be taken, or null for what the draft holds
  /// @param after what happened to the task before: `saved`, `skipped` or null
  WorkViews.Task task(
      Work work,
      long personId,
      @Nullable WorkForm posted,
      List<String> problems,
      @Nullable String after) {
    Optional<Guideline> guideline = guidelines.latest(work.projectId());
    int version = guideline.map(Guideline::version).orElse(0);
    int before = guidelines.lastRead(work.projectId(), personId);
    WorkForm form = posted == null ? started(work, version) : posted;
    form = form.key() == null ? form.withKey(UUID.randomUUID()) : form;
    Moment draftAt = formats.momentOrNull(work.draftSavedAt());
    String text = text(work, form);
    return new WorkViews.Task(
        work.slotId(),
        work.projectId(),
        work.question().kind().name(),
        work.ordinal() + 1,
        work.overlap(),
        formats.number(work.doneByYou()),
        work.prompt(),
        answers(work),
        rows(work, form),
        work.question() instanceof Question.Span(var reasons) ? reasons(reasons) : List.of(),
        work.question() instanceof Question.Rank(boolean ties) && ties,
        "\n" + text,
        Answer.LONGEST,
        work.question() instanceof Question.Edit ? changes(work, text) : List.of(),
        guideline.map(Guideline::body).orElse(null),
        version,
        before < version ? before : 0,
        formats.moment(work.leasedUntil()),
        lease.toMillis(),
        Math.max(0, Duration.between(clock.instant(), work.leasedUntil()).toMillis()),
        draftAt,
        desk.status(draftAt, after),
        form,
        problems);
  }

  /// The part of a task's page that its kind decides, of a task in nobody's hands.
  AnswerForms.Form form(Work work, WorkForm form) {
    return new AnswerForms.Form(
        work.question().kind().name(),
        answers(work),
        rows(work, form),
        work.question() instanceof Question.Span(var reasons) ? reasons(reasons) : List.of(),
        work.question() instanceof Question.Rank(boolean ties) && ties,
        form);
  }

  /// Whether a project has had a guideline of that version.
  boolean knowsGuideline(long projectId, int version) {
    return desk.knowsGuideline(projectId, version);
  }

  /// What changed between the answer in hand and a text.
  List<Piece> changes(Work work, String text) {
    return WordDiff.between(work.answers().getFirst().replace("\r\n", "\n"), text);
  }

  /// An edit begins with the answer as it is.
  private static String text(Work work, WorkForm form) {
    boolean untouched =
        work.question() instanceof Question.Edit && !form.fields().containsKey("text");
    return untouched ? work.answers().getFirst().replace("\r\n", "\n") : form.value("text");
  }

  private WorkForm started(Work work, int version) {
    WorkDraft draft = work.draft() == null ? null : readDraft(work, work.draft());
    WorkDraft start = draft == null ? WorkDraft.EMPTY : draft;
    return new WorkForm(
        start.fields() == null ? Map.of() : start.fields(),
        start.activeMillis() == null ? 0 : start.activeMillis(),
        version,
        UUID.randomUUID());
  }

  private List<WorkViews.Shown> answers(Work work) {
    return IntStream.range(0, work.answers().size())
        .mapToObj(i -> {
          String text = work.answers().get(i);
          String characters = formats.number(text.codePointCount(0, text.length()));
          return new WorkViews.Shown(name(i, work.answers().size()), text, "\n" + text, characters);
        })
        .toList();
  }

  /// One answer is the answer; several have letters.
  private String name(int number, int answers) {
    return answers == 1
        ? desk.word("work.answer")
        : desk.word("work.answer.of", String.valueOf((char) ('A' + number)));
  }

  private List<WorkViews.Row> rows(Work work, WorkForm form) {
    return switch (work.question()) {
      case Question.Choice(boolean bothBad) -> List.of(choice(bothBad, form));
      case Question.Grade(var dimensions) ->
          dimensions.stream().map(dimension -> row(dimension, form)).toList();
      case Question.Rank _ -> {
        List<WorkViews.Row> rows = new ArrayList<>();
        int answers = work.answers().size();
        for (int i = 0; i < answers; i++) {
          rows.add(row("place." + i, name(i, answers), places(answers), 1, form));
        }
        yield rows;
      }
      case Question.RedTeam(var _, var policies) -> broken(policies, form);
      case Question.Pair _, Question.Demonstration _, Question.Edit _, Question.Span _ -> List.of();
    };
  }

  private List<WorkViews.Row> broken(List<String> policies, WorkForm form) {
    List<String> all = new ArrayList<>(List.of(desk.word("work.policy.none")));
    all.addAll(policies);
    List<String> severities =
        IntStream.rangeClosed(1, Answer.Attacked.SEVEREST)
            .mapToObj(severity -> desk.word("work.severity." + severity))
            .toList();
    return List.of(
        row("policy", desk.word("work.policy"), all, 0, form),
        row("severity", desk.word("work.severity"), severities, 1, form));
  }

  /// What was asked so far, for a part of the page; the newest is the one that is judged.
  WorkViews.Attempts attempts(Work work, String chosen) {
    return new WorkViews.Attempts(
        work.attempts().stream()
            .map(attempt ->
                new WorkViews.Attempt(attempt.id(), attempt.prompt(), attempt.response()))
            .toList(),
        chosen.isEmpty() && !work.attempts().isEmpty()
            ? work.attempts().getFirst().id()
            : JudgementForm.orZero(JudgementForm.number(chosen)));
  }

  /// Keys from left to right; to say that both are bad comes last.
  private WorkViews.Row choice(boolean bothBad, WorkForm form) {
    String chosen = form.value("choice");
    List<WorkViews.Step> steps = new ArrayList<>();
    for (int value = -Answer.Chosen.STRONGEST; value <= Answer.Chosen.STRONGEST; value++) {
      steps.add(step(steps.size() + 1, Integer.toString(value), chosen));
    }
    if (bothBad) {
      steps.add(step(steps.size() + 1, WorkAnswers.BOTH_BAD, chosen));
    }
    return new WorkViews.Row("choice", desk.word("work.choice"), steps);
  }

  private WorkViews.Step step(int key, String value, String chosen) {
    return new WorkViews.Step(
        value, Integer.toString(key), desk.word("work.choice." + value), value.equals(chosen));
  }

  private static List<String> places(int answers) {
    return IntStream.rangeClosed(1, answers).mapToObj(Integer::toString).toList();
  }

  private static WorkViews.Row row(Dimension dimension, WorkForm form) {
    return row("level." + dimension.key(), dimension.name(), dimension.levels(), 0, form);
  }

  /// Keys count from 1 in either case.
  private static WorkViews.Row row(
      String field, String title, List<String> steps, int first, WorkForm form) {
    String chosen = form.value(field);
    List<WorkViews.Step> all = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      String value = Integer.toString(first + i);
      all.add(
          new WorkViews.Step(value, Integer.toString(i + 1), steps.get(i), chosen.equals(value)));
    }
    return new WorkViews.Row(field, title, all);
  }

  private static List<WorkViews.Reason> reasons(List<String> reasons) {
    return IntStream.range(0, reasons.size())
        .mapToObj(i -> new WorkViews.Reason(Integer.toString(i + 1), reasons.get(i)))
        .toList();
  }

  /// The task in hand for programs.
  WorkViews.Data data(Work work) {
    return new WorkViews.Data(
        work.slotId(),
        work.projectId(),
        work.ordinal(),
        work.overlap(),
        json.readTree(KindJson.write(work.question())),
        work.prompt(),
        work.answers(),
        guidelines.latest(work.projectId()).map(Guideline::version).orElse(0),
        work.leasedUntil().toString());
  }

  List<String> problemWords(Work work, List<WorkAnswers.Problem> problems) {
    int least = work.question() instanceof Question.Demonstration(int characters) ? characters : 1;
    return problems.stream()
        .map(problem ->
            switch (problem) {
              case TEXT_TOO_SHORT -> desk.word(problem.word, formats.number(least));
              case TEXT_TOO_LONG -> desk.word(problem.word, formats.number(Answer.LONGEST));
              case REASON_TOO_LONG -> desk.word(problem.word, formats.number(Entry.REASON_LIMIT));
              case MISSING_CHOICE,
                  MISSING_LEVELS,
                  MISSING_PLACES,
                  TIED_PLACES,
                  MISSING_ATTEMPT,
                  MISSING_POLICY,
                  WRONG_PASSAGES,
                  UNREADABLE ->
                  desk.word(problem.word);
            })
        .toList();
  }

  /// Reads a draft; null when it is none of this task.
  @Nullable WorkDraft readDraft(Work work, String body) {
    try {
      WorkDraft draft = json.readValue(body, WorkDraft.class);
      return draft != null && draft.of(work) ? draft : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  String writeDraft(WorkDraft draft) {
    return json.writeValueAsString(draft);
  }
}
