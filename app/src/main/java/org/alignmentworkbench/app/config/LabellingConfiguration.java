package org.alignmentworkbench.app.config;

import org.alignmentworkbench.db.exchange.BroughtWork;
import org.alignmentworkbench.db.exchange.WorkRows;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Setups;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the annotator's desk works on.
@Configuration(proxyBeanMethods = false)
class LabellingConfiguration {
  @Bean
  Queue queue(JdbcClient jdbc) {
    return new Queue(jdbc);
  }

  @Bean
  GuidelineRepository guidelineRepository(JdbcClient jdbc) {
    return new GuidelineRepository(jdbc);
  }

  @Bean
  Setups setups(JdbcClient jdbc) {
    return new Setups(jdbc);
  }

  @Bean
  WorkRows workRows(JdbcClient jdbc) {
    return new WorkRows(jdbc);
  }

  @Bean
  BroughtWork broughtWork(JdbcClient jdbc) {
    return new BroughtWork(jdbc);
  }
}
