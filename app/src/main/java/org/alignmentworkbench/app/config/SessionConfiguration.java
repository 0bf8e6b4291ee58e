package org.alignmentworkbench.app.config;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;

/// Sessions in the database, so that they outlive a restart.
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
  /// A page and its event stream write to one session at the same time; with plain inserts the
  /// second one fails on the primary key.
  @Bean
  SessionRepositoryCustomizer<JdbcIndexedSessionRepository> upsertSessionAttributes() {
    return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
  }
}
