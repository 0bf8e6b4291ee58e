package org.alignmentworkbench.app.config;

import java.time.Clock;
import org.alignmentworkbench.app.compression.job.CompressedPolicies;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.rlhf.job.MirrorDescentRlhfJob;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.RewardModelTrainingJob;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.sft.job.EvaluationJob;
import org.alignmentworkbench.sft.job.ItecRoundJob;
import org.alignmentworkbench.sft.job.SupervisedFineTuningJob;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/// The jobs that runs can be made of, and what they share: stores, models, the engine.
@Configuration(proxyBeanMethods = false)
class JobConfiguration {
  @Bean
  LazyEngine lazyEngine(WorkbenchSettings settings) {
    return new LazyEngine(settings.engine());
  }

  @Bean
  Stores stores(JdbcClient jdbc, DataFolder folder) {
    return Stores.of(jdbc, folder.artifacts());
  }

  @Bean
  ArtifactStore artifactStore(Stores stores) {
    return stores.artifacts();
  }

  @Bean
  LineageRepository lineageRepository(Stores stores) {
    return stores.lineage();
  }

  @Bean
  JudgementSnapshot judgementSnapshot(JdbcClient jdbc, Stores stores) {
    return new JudgementSnapshot(jdbc, stores.artifacts());
  }

  @Bean
  ModelRegistry modelRegistry(DataFolder folder) {
    return new ModelRegistry(folder.home().resolve("models"));
  }

  @Bean
  ModelShelf modelShelf(Stores stores, LazyEngine engine, ModelRegistry registry) {
    return new ModelShelf(
        stores, engine, new CompressedPolicies(stores.models()).readers(), registry);
  }

  @Bean
  RunJob supervisedFineTuningJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf) {
    return new SupervisedFineTuningJob(jobs, transactions, stores, progress, shelf);
  }

  @Bean
  RunJob evaluationJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf) {
    return new EvaluationJob(jobs, transactions, stores, progress, shelf);
  }

  @Bean
  RunJob rewardModelTrainingJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf,
      JudgementSnapshot snapshots) {
    return new RewardModelTrainingJob(jobs, transactions, stores, progress, shelf, snapshots);
  }

  @Bean
  RunJob mirrorDescentRlhfJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf) {
    return new MirrorDescentRlhfJob(jobs, transactions, stores, progress, shelf);
  }

  @Bean
  RunJob itecRoundJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf,
      JudgementSnapshot snapshots,
      Clock clock) {
    return new ItecRoundJob(jobs, transactions, stores, progress, shelf, snapshots, clock);
  }
}
