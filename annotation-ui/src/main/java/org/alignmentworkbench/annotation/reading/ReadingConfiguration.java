package org.alignmentworkbench.annotation.reading;

import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.alignmentworkbench.db.prompt.PromptTurnRepository;
import org.alignmentworkbench.db.task.Queue;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Puts together what makes texts readable.
@Configuration(proxyBeanMethods = false)
public class ReadingConfiguration {
  @Bean
  PersonSettingRepository personSettingRepository(JdbcClient jdbc) {
    return new PersonSettingRepository(jdbc);
  }

  @Bean
  Passages passages(Formats formats, MessageSource words) {
    return new Passages(formats, words);
  }

  @Bean
  ReadingPages readingPages(JdbcClient jdbc, Passages passages, PersonSettingRepository settings) {
    return new ReadingPages(passages, new PromptTurnRepository(jdbc), settings);
  }

  @Bean
  ReadingController readingController(PersonSettingRepository settings, Queue queue) {
    return new ReadingController(settings, queue);
  }
}
