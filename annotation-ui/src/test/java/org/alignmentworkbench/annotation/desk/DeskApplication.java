package org.alignmentworkbench.annotation.desk;

import javax.sql.DataSource;
import org.alignmentworkbench.annotation.AnnotationUi;
import org.alignmentworkbench.annotation.page.Person;
import org.alignmentworkbench.annotation.page.ScriptedRequests;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.task.GuidelineRepository;
import org.alignmentworkbench.db.task.Queue;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.transaction.support.TransactionTemplate;

/// The desk on a real database, with a sign-in where everybody's password is their name.
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(AnnotationUi.class)
public class DeskApplication {
  /// Not closed: the context lives until the JVM ends, and the server it is on goes with it.
  @Bean(destroyMethod = "")
  TestDatabase database() {
    return TestDatabase.migrated();
  }

  @Bean
  JdbcClient jdbc(TestDatabase database) {
    DataSource source = database.dataSource();
    return JdbcClient.create(source);
  }

  @Bean
  TransactionTemplate transaction(TestDatabase database) {
    return database.transactions();
  }

  @Bean
  TurnedClock clock() {
    return new TurnedClock();
  }

  @Bean
  Queue queue(JdbcClient jdbc) {
    return new Queue(jdbc);
  }

  @Bean
  GuidelineRepository guidelines(JdbcClient jdbc) {
    return new GuidelineRepository(jdbc);
  }

  /// A model that says what it was told, behind a word that no page would show by itself.
  @Bean
  AttackedModel attackedModel() {
    return (modelId, prompt, seed) -> {
      if (prompt.equals("Be busy")) {
        throw new IllegalArgumentException("another answer of zebra is being written");
      }
      return "Echo %d: %s".formatted(seed, prompt);
    };
  }

  @Bean
  UserDetailsService people(JdbcClient jdbc) {
    return name ->
        new PersonRepository(jdbc)
            .findByUsername(name)
            .map(found ->
                new Person(
                    found.id(),
                    found.username(),
                    found.displayName(),
                    found.role().name(),
                    found.scripted()))
            .orElseThrow(() -> new UsernameNotFoundException(name));
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http) {
    return http.authorizeHttpRequests(requests ->
            requests
                .requestMatchers("/css/**", "/js/**", "/icons/**", "/webjars/**", "/error")
                .permitAll()
                .anyRequest()
                .authenticated())
        .formLogin(form -> form.defaultSuccessUrl("/label", true))
        .logout(logout -> logout.logoutUrl("/sign-out"))
        .exceptionHandling(e ->
            e.defaultAuthenticationEntryPointFor(
                    (request, response, fault) -> ScriptedRequests.signInAgain(response, "/login"),
                    new ScriptedRequests())
                .defaultAccessDeniedHandlerFor(
                    (request, response, fault) -> ScriptedRequests.refuse(response),
                    new ScriptedRequests()))
        .headers(headers ->
            headers.contentSecurityPolicy(
                csp -> csp.policyDirectives("default-src 'self'; img-src 'self' data:")))
        .build();
  }
}
