package org.alignmentworkbench.app.config;

import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.SignInLinkRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The database's plain classes as beans.
@Configuration(proxyBeanMethods = false)
class RepositoryConfiguration {
  @Bean
  PersonRepository personRepository(JdbcClient jdbc) {
    return new PersonRepository(jdbc);
  }

  @Bean
  SignInLinkRepository signInLinkRepository(JdbcClient jdbc) {
    return new SignInLinkRepository(jdbc);
  }

  @Bean
  AuditRepository auditRepository(JdbcClient jdbc) {
    return new AuditRepository(jdbc);
  }
}
