package org.alignmentworkbench.app.config;

import org.alignmentworkbench.db.once.OnceRepository;
import org.alignmentworkbench.db.person.ApiTokenRepository;
import org.alignmentworkbench.db.webhook.WebhookRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the database keeps for programs that call the server, and that it calls.
@Configuration(proxyBeanMethods = false)
class ApiRepositoryConfiguration {
  @Bean
  ApiTokenRepository apiTokenRepository(JdbcClient jdbc) {
    return new ApiTokenRepository(jdbc);
  }

  @Bean
  WebhookRepository webhookRepository(JdbcClient jdbc) {
    return new WebhookRepository(jdbc);
  }

  @Bean
  OnceRepository onceRepository(JdbcClient jdbc) {
    return new OnceRepository(jdbc);
  }
}
