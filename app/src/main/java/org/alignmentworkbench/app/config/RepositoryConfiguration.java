package org.alignmentworkbench.app.config;

import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.person.CohortRepository;
import org.alignmentworkbench.db.person.IdentityRepository;
import org.alignmentworkbench.db.person.InvitationRepository;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Pseudonyms;
import org.alignmentworkbench.db.person.SignInLinkRepository;
import org.alignmentworkbench.db.person.SpokenLanguages;
import org.alignmentworkbench.db.project.MembershipRepository;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.db.task.GoldRepository;
import org.alignmentworkbench.db.task.OpenSlots;
import org.alignmentworkbench.db.task.TaskRepository;
import org.alignmentworkbench.db.view.EvaluationView;
import org.alignmentworkbench.db.view.HealthView;
import org.alignmentworkbench.db.view.HoursView;
import org.alignmentworkbench.db.view.KindView;
import org.alignmentworkbench.db.view.LineageView;
import org.alignmentworkbench.db.view.ModelView;
import org.alignmentworkbench.db.view.ProjectView;
import org.alignmentworkbench.db.view.PromptView;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.db.view.RunList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

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
  InvitationRepository invitationRepository(JdbcClient jdbc) {
    return new InvitationRepository(jdbc);
  }

  @Bean
  SpokenLanguages spokenLanguages(JdbcClient jdbc) {
    return new SpokenLanguages(jdbc);
  }

  @Bean
  IdentityRepository identityRepository(JdbcClient jdbc) {
    return new IdentityRepository(jdbc);
  }

  @Bean
  Pseudonyms pseudonyms(JdbcClient jdbc) {
    return new Pseudonyms(jdbc);
  }

  @Bean
  HoursView hoursView(JdbcClient jdbc) {
    return new HoursView(jdbc);
  }

  @Bean
  CohortRepository cohortRepository(JdbcClient jdbc) {
    return new CohortRepository(jdbc);
  }

  @Bean
  AuditRepository auditRepository(JdbcClient jdbc) {
    return new AuditRepository(jdbc);
  }

  @Bean
  ProjectRepository projectRepository(JdbcClient jdbc) {
    return new ProjectRepository(jdbc);
  }

  @Bean
  MembershipRepository membershipRepository(JdbcClient jdbc) {
    return new MembershipRepository(jdbc);
  }

  @Bean
  RunRepository runRepository(JdbcClient jdbc) {
    return new RunRepository(jdbc);
  }

  @Bean
  TaskRepository taskRepository(JdbcClient jdbc) {
    return new TaskRepository(jdbc);
  }

  @Bean
  OpenSlots openSlots(JdbcClient jdbc) {
    return new OpenSlots(jdbc);
  }

  @Bean
  RunList runList(JdbcClient jdbc) {
    return new RunList(jdbc);
  }

  @Bean
  LineageView lineageView(JdbcClient jdbc) {
    return new LineageView(jdbc);
  }

  @Bean
  ProjectView projectView(JdbcClient jdbc) {
    return new ProjectView(jdbc);
  }

  @Bean
  ModelView modelView(JdbcClient jdbc) {
    return new ModelView(jdbc);
  }

  @Bean
  PromptView promptView(JdbcClient jdbc) {
    return new PromptView(jdbc);
  }

  @Bean
  HealthView healthView(JdbcClient jdbc) {
    return new HealthView(jdbc);
  }

  @Bean
  EvaluationView evaluationView(JdbcClient jdbc) {
    return new EvaluationView(jdbc);
  }

  @Bean
  GoldRepository goldRepository(JdbcClient jdbc) {
    return new GoldRepository(jdbc);
  }

  @Bean
  QualityView qualityView(JdbcClient jdbc, TransactionTemplate transaction) {
    return new QualityView(jdbc, transaction);
  }

  @Bean
  KindView kindView(JdbcClient jdbc, TransactionTemplate transaction) {
    return new KindView(jdbc, transaction);
  }
}
