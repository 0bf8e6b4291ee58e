package org.alignmentworkbench.annotation.desk;

import java.util.List;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.db.task.Admission;
import org.alignmentworkbench.db.task.Admissions;
import org.alignmentworkbench.db.task.CheckRules;
import org.alignmentworkbench.db.task.CheckedPeople;
import org.alignmentworkbench.db.task.Found;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;
import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a person is told of how they stand in a project: whether they are dealt its work, and,
/// where its lead allows it, how often they chose what is known to be right.
final class Standing {
  private final Admissions admissions;
  private final CheckRules rules;
  private final CheckedPeople people;
  private final Formats formats;
  private final MessageSource words;

  Standing(JdbcClient jdbc, Formats formats, MessageSource words) {
    this.admissions = new Admissions(jdbc);
    this.rules = new CheckRules(jdbc);
    this.people = new CheckedPeople(jdbc);
    this.formats = formats;
    this.words = words;
  }

  /// @param note a sentence, null where there is nothing to say
  /// @param closed whether nothing is dealt until a lead decides
  /// @param agreement with known answers; null where it is not shown
  record Told(@Nullable String note, boolean closed, @Nullable String agreement) {}

  Told of(long projectId, long personId) {
    Admission admission = admissions.of(projectId, personId);
    Notice notice = notice(admission);
    return new Told(
        notice == null
            ? null
            : words.getMessage(
                notice.word(), notice.messageArguments(), LocaleContextHolder.getLocale()),
        admission instanceof Admission.NotQualified || admission instanceof Admission.Stopped,
        rules.of(projectId).agreementShown() ? agreement(people.shown(projectId, personId)) : null);
  }

  private @Nullable String agreement(Found found) {
    return new Proportion(found.right(), found.judged()).estimate() instanceof Estimate.Known known
        ? words.getMessage(
            "label.standing.agreement",
            new Object[] {
              formats.number(found.right()),
              formats.number(found.judged()),
              formats.percentInterval(known.low(), known.high())
            },
            LocaleContextHolder.getLocale())
        : null;
  }

  /// How somebody begins a stretch of work; null where there is nothing to say.
  @Nullable Notice notice(long projectId, long personId) {
    return notice(admissions.of(projectId, personId));
  }

  /// What an admission means for whom it is about; null where there is nothing to say.
  @Nullable Notice notice(Admission admission) {
    return switch (admission) {
      case Admission.Admitted(boolean warned) ->
          warned ? Notice.of(Notice.Kind.WARN, "label.standing.warned") : null;
      case Admission.Qualifying(int done, int wanted) ->
          new Notice(
              Notice.Kind.INFO,
              "label.standing.qualifying",
              List.of(formats.number(done), formats.number(wanted)));
      case Admission.NotQualified(Found found) ->
          new Notice(Notice.Kind.WARN, "label.standing.notQualified", counts(found));
      case Admission.Stopped(boolean byLead, Found found) ->
          byLead
              ? Notice.of(Notice.Kind.WARN, "label.standing.paused")
              : new Notice(Notice.Kind.WARN, "label.standing.stopped", counts(found));
    };
  }

  private List<String> counts(Found found) {
    return List.of(formats.number(found.right()), formats.number(found.judged()));
  }
}
