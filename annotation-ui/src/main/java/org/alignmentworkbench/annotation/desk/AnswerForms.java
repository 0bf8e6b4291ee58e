package org.alignmentworkbench.annotation.desk;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Work;

/// The form of a task that is no comparison for somebody who does not have it in hand: a lead
/// answers by the same fields as annotators, with the answers in the task's own order.
public final class AnswerForms {
  private final WorkPages pages;

  AnswerForms(WorkPages pages) {
    this.pages = pages;
  }

  /// What `label/kinds` shows of a task.
  ///
  /// @param kind the kind's name, for words and styles
  /// @param rows what is graded, or the answers that are ranked
  public record Form(
      String kind,
      List<WorkViews.Shown> answers,
      List<WorkViews.Row> rows,
      List<WorkViews.Reason> reasons,
      boolean ties,
      WorkForm form) {
    /// Whether a row may be left out; none of those that a lead answers.
    public boolean optional(WorkViews.Row row) {
      return false;
    }
  }

  /// What a form holds.
  public sealed interface Read {
    /// An answer that keeps to the rules of the question.
    record Given(Answer answer) implements Read {}

    /// None yet, and why, in words.
    record Incomplete(List<String> words) implements Read {}
  }

  /// @param fields as in [WorkForm]; empty for a form that nobody has filled in
  public Form form(Question question, List<String> answers, Map<String, String> fields) {
    Work work = work(question, answers);
    return pages.form(work, filled(work, fields));
  }

  /// @param fields as in [WorkForm]; others are left alone
  public Read read(Question question, List<String> answers, Map<String, String> fields) {
    Work work = work(question, answers);
    WorkAnswers.Read read = WorkAnswers.read(work, filled(work, fields));
    return read.answer() == null
        ? new Read.Incomplete(pages.problemWords(work, read.problems()))
        : new Read.Given(own(read.answer()));
  }

  /// The fields of a form that holds somebody's answer.
  public Map<String, String> fields(Question question, List<String> answers, Answer answer) {
    return WorkAnswers.filled(work(question, answers), own(answer));
  }

  private static WorkForm filled(Work work, Map<String, String> fields) {
    return WorkForm.read(work, fields::get).withKey(UUID.randomUUID());
  }

  /// As it is where answers are shown in the task's own order, whatever a judge saw.
  private static Answer own(Answer answer) {
    return switch (answer) {
      case Answer.Chosen(var choice, int strength, var _) ->
          new Answer.Chosen(choice, strength, List.of(0, 1));
      case Answer.Ranked(var places, var _) ->
          new Answer.Ranked(places, IntStream.range(0, places.size()).boxed().toList());
      case Answer.Graded _, Answer.Marked _, Answer.Written _, Answer.Edited _, Answer.Attacked _ ->
          answer;
    };
  }

  private static Work work(Question question, List<String> answers) {
    return new Work(0, 0, 0, 1, question, "", answers, Instant.EPOCH, null, null, 0, List.of());
  }
}
