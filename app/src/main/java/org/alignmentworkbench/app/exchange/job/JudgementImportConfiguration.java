package org.alignmentworkbench.app.exchange.job;

import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/// The import job as a bean.
@Configuration(proxyBeanMethods = false)
class JudgementImportConfiguration {
  @Bean
  JudgementImports judgementImports(JdbcClient jdbc) {
    return new JudgementImports(jdbc);
  }

  @Bean
  RunJob judgementImportJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      JdbcClient jdbc,
      JudgementImports imports) {
    return new JudgementImportJob(jobs, transactions, stores, progress, jdbc, imports);
  }
}
