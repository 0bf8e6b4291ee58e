package org.alignmentworkbench.app.exchange;

import org.alignmentworkbench.db.exchange.JudgedRows;
import org.alignmentworkbench.db.exchange.JudgementExports;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What judgements are exported from.
@Configuration(proxyBeanMethods = false)
class ExchangeConfiguration {
  @Bean
  JudgedRows judgedRows(JdbcClient jdbc) {
    return new JudgedRows(jdbc);
  }

  @Bean
  JudgementExports judgementExports(JdbcClient jdbc) {
    return new JudgementExports(jdbc);
  }
}
