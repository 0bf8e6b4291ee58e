package org.alignmentworkbench.rlhf.job;

import javax.sql.DataSource;
import org.springframework.batch.core.configuration.support.MapJobRegistry;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.launch.support.JobOperatorFactoryBean;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.JdbcJobRepositoryFactoryBean;
import org.springframework.core.task.SyncTaskExecutor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/// Spring Batch on a data source, as the application sets it up, without an application context.
public record BatchOnPostgres(
    JobRepository repository,
    JobOperator operator,
    PlatformTransactionManager transactions,
    JdbcClient jdbc) {
  public static BatchOnPostgres of(DataSource dataSource) {
    try {
      var transactions = new JdbcTransactionManager(dataSource);
      var repositories = new JdbcJobRepositoryFactoryBean();
      repositories.setDataSource(dataSource);
      repositories.setTransactionManager(transactions);
      repositories.afterPropertiesSet();
      JobRepository repository = repositories.getObject();
      var operators = new JobOperatorFactoryBean();
      operators.setJobRepository(repository);
      operators.setJobRegistry(new MapJobRegistry());
      operators.setTaskExecutor(new SyncTaskExecutor());
      operators.setTransactionManager(transactions);
      operators.afterPropertiesSet();
      return new BatchOnPostgres(
          repository, operators.getObject(), transactions, JdbcClient.create(dataSource));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
