package org.alignmentworkbench.annotation.notes;

import java.time.Clock;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.db.note.Notes;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// Puts the notes together.
@Configuration(proxyBeanMethods = false)
@Import(OwnNotesAdvice.class)
public class NoteConfiguration {
  @Bean
  Notes notes(JdbcClient jdbc, TransactionTemplate transaction) {
    return new Notes(jdbc, transaction);
  }

  @Bean
  NotePages notePages(Notes notes, Formats formats, MessageSource words) {
    return new NotePages(notes, formats, words);
  }

  @Bean
  NoteController noteController(Notes notes, NotePages pages, Clock clock) {
    return new NoteController(notes, pages, clock);
  }
}
