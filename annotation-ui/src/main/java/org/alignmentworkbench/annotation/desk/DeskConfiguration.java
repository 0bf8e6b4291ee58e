package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import java.time.Duration;
import org.alignmentworkbench.annotation.AnnotationUi;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Room;
import org.alignmentworkbench.annotation.reading.ReadingPages;
import org.alignmentworkbench.db.note.Notes;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.task.DeskReadings;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.News;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.RedTeam;
import org.alignmentworkbench.db.task.Undo;
import org.alignmentworkbench.db.task.WorkSlots;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Puts the desk together. The application brings [Queue], [GuidelineRepository] and a clock.
@Configuration(proxyBeanMethods = false)
@Import(LastActAdvice.class)
public class DeskConfiguration {
  @Bean
  Room labelRoom() {
    return new Room("label", "/label", "room.label", 10, AnnotationUi.LABELLING_ROLES);
  }

  @Bean
  DeskReadings deskReadings(JdbcClient jdbc) {
    return new DeskReadings(jdbc);
  }

  /// @param lease how long a pair stays with somebody whose page gives no sign of life
  @Bean
  DeskController deskController(
      JdbcClient jdbc,
      Queue queue,
      DeskReadings readings,
      GuidelineRepository guidelines,
      ReadingPages reading,
      Formats formats,
      MessageSource words,
      Clock clock,
      @Value("${workbench.label.lease:15m}") Duration lease) {
    Standing standing = new Standing(jdbc, formats, words);
    DeskPages pages =
        new DeskPages(
            readings,
            standing,
            guidelines,
            new MembershipRepository(jdbc),
            formats,
            words,
            clock,
            lease);
    return new DeskController(queue, readings, pages, reading, standing, formats, clock, lease);
  }

  @Bean
  WorkPages workPages(
      JdbcClient jdbc,
      DeskReadings readings,
      GuidelineRepository guidelines,
      Formats formats,
      MessageSource words,
      Clock clock,
      @Value("${workbench.label.lease:15m}") Duration lease) {
    Standing standing = new Standing(jdbc, formats, words);
    DeskPages desk =
        new DeskPages(
            readings,
            standing,
            guidelines,
            new MembershipRepository(jdbc),
            formats,
            words,
            clock,
            lease);
    return new WorkPages(desk, guidelines, formats, clock, lease);
  }

  @Bean
  AnswerForms answerForms(WorkPages pages) {
    return new AnswerForms(pages);
  }

  @Bean
  WorkController workController(
      JdbcClient jdbc,
      Queue queue,
      WorkPages pages,
      ReadingPages reading,
      RedTeamController redTeam,
      Formats formats,
      Clock clock,
      @Value("${workbench.label.lease:15m}") Duration lease) {
    return new WorkController(
        queue, new WorkSlots(jdbc, queue), pages, reading, redTeam, formats, clock, lease);
  }

  @Bean
  Undo undo(JdbcClient jdbc, TransactionTemplate transaction, Queue queue) {
    return new Undo(jdbc, transaction, queue);
  }

  /// @param window how long after a judgement or a skip it can be taken back
  @Bean
  UndoDesk undoDesk(
      JdbcClient jdbc,
      Undo undo,
      Queue queue,
      Clock clock,
      @Value("${workbench.label.undo:2m}") Duration window,
      @Value("${workbench.label.lease:15m}") Duration lease) {
    return new UndoDesk(undo, new WorkSlots(jdbc, queue), clock, window, lease);
  }

  @Bean
  UndoController undoController(UndoDesk undo, MessageSource words) {
    return new UndoController(undo, words);
  }

  @Bean
  NewsController newsController(JdbcClient jdbc, Notes notes, Clock clock) {
    return new NewsController(new News(jdbc), notes, clock);
  }

  /// @param model where the application has none, red-team tasks say so
  @Bean
  Asking asking(JdbcClient jdbc, ObjectProvider<AttackedModel> model, Clock clock) {
    return new Asking(new RedTeam(jdbc), model.getIfAvailable(), clock);
  }

  @Bean
  RedTeamController redTeamController(
      JdbcClient jdbc, Queue queue, WorkPages pages, Asking asking, Clock clock) {
    return new RedTeamController(
        new WorkSlots(jdbc, queue), new RedTeam(jdbc), pages, asking, clock);
  }
}
