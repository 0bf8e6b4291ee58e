package org.alignmentworkbench.app.compression.job;

import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/// The jobs that make a policy small and give it adapters, as beans.
@Configuration(proxyBeanMethods = false)
class CompressionConfiguration {
  @Bean
  RunJob compressionJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf) {
    return new CompressionJob(jobs, transactions, stores, progress, shelf);
  }

  @Bean
  RunJob featureAdapterJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf) {
    return new FeatureAdapterJob(jobs, transactions, stores, progress, shelf);
  }
}
