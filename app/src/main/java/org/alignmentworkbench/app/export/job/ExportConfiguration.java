package org.alignmentworkbench.app.export.job;

import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/// The export job as a bean.
@Configuration(proxyBeanMethods = false)
class ExportConfiguration {
  @Bean
  ExportLinks exportLinks(DataFolder folder) {
    return new ExportLinks(folder.home().resolve("exports"));
  }

  @Bean
  RunJob exportJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf,
      ExportLinks links) {
    return new ExportJob(jobs, transactions, stores, progress, shelf, links);
  }
}
