package org.alignmentworkbench.app.config;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.config.SessionRepositoryCustomizer;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;

/// Sessions in the database, so that they outlive a restart.
@Configuration(proxyBeanMethods = false)
class SessionConfiguration {
  // Each request says when it came. That alone is written down once a minute, or once a tenth of
  // the time after which a session ends, so that a request which changes nothing does not wait for
  // the disk.
  private static final String UPDATE =
      """
      update %TABLE_NAME% s
      set session_id = n.session_id,
          last_access_time = n.last_access_time,
          max_inactive_interval = n.max_inactive_interval,
          expiry_time = n.expiry_time,
          principal_name = n.principal_name
      from (
        select ?::char(36) as session_id, ?::bigint as last_access_time,
          ?::int as max_inactive_interval, ?::bigint as expiry_time, ?::text as principal_name,
          ?::char(36) as primary_id) n
      where s.primary_id = n.primary_id
        and (n.last_access_time - s.last_access_time
            not between 0 and least(60000, 100 * s.max_inactive_interval)
          or s.session_id <> n.session_id
          or s.max_inactive_interval <> n.max_inactive_interval
          or s.principal_name is distinct from n.principal_name)
      """;

  /// A page and its event stream write to one session at the same time; with plain inserts the
  /// second one fails on the primary key.
  @Bean
  SessionRepositoryCustomizer<JdbcIndexedSessionRepository> upsertSessionAttributes() {
    return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
  }

  @Bean
  SessionRepositoryCustomizer<JdbcIndexedSessionRepository> updateSessionOnceAMinute() {
    return sessions -> sessions.setUpdateSessionQuery(UPDATE);
  }
}
