package org.alignmentworkbench.app.config;

import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.alignmentworkbench.db.run.RunRepository;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.alignmentworkbench.rlhf.job.RunWorker;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/// The queue of runs and the worker that takes them, one at a time on the device. Every bean that
/// is a [RunJob] can be queued.
@Configuration(proxyBeanMethods = false)
class RunConfiguration {
  @Bean
  CodeVersion codeVersion() {
    return CodeVersion.ofBuild();
  }

  @Bean
  RunProgress runProgress() {
    return new RunProgress(System::nanoTime);
  }

  @Bean
  RunQueue runQueue(
      RunRepository runs,
      ObjectProvider<RunJob> jobs,
      WorkbenchSettings settings,
      CodeVersion version) {
    return new RunQueue(runs, jobs.orderedStream().toList(), settings.device(), version.toString());
  }

  /// One worker for the device, and one for the runs that need none.
  @Bean(destroyMethod = "close")
  RunWorkers runWorkers(
      ObjectProvider<RunJob> jobs,
      JobOperator operator,
      JobRepository repository,
      RunRepository runs,
      RunProgress progress,
      WorkbenchSettings settings,
      Clock clock) {
    return new RunWorkers(
        Stream.of(settings.device(), RunQueue.FILES)
            .map(device ->
                new RunWorker(
                    device,
                    jobs.orderedStream().toList(),
                    operator,
                    repository,
                    runs,
                    progress,
                    clock,
                    RunWorker.Settings.DEFAULT))
            .toList());
  }

  record RunWorkers(List<RunWorker> workers) implements AutoCloseable {
    @Override
    public void close() {
      workers.forEach(RunWorker::close);
    }
  }

  /// Takes runs only once the server answers.
  @Bean
  RunWorkerStart runWorkerStart(RunWorkers workers, WorkbenchSettings settings) {
    return new RunWorkerStart(workers, settings.worker());
  }

  record RunWorkerStart(RunWorkers workers, boolean wanted) {
    @EventListener(ApplicationReadyEvent.class)
    void start() {
      if (wanted) {
        workers.workers().forEach(RunWorker::start);
      }
    }
  }
}
