package org.alignmentworkbench.rlhf.job;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.alignmentworkbench.db.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A worker in a JVM of its own, to be killed: arguments are the database's address, user and
/// password, the folder of artefacts, the device whose queue it works on, and the class of the jobs
/// that it knows.
public final class WorkerProcess {
  private WorkerProcess() {}

  /// The jobs that a worker knows. A process makes one with the public constructor that takes
  /// nothing.
  public interface Jobs {
    /// They on a database and a folder of artefacts.
    List<RunJob> on(BatchOnPostgres batch, Stores stores, RunProgress progress);
  }

  /// This module's training by mirror descent.
  public static final class MirrorDescent implements Jobs {
    @Override
    public List<RunJob> on(BatchOnPostgres batch, Stores stores, RunProgress progress) {
      return List.of(job(batch, stores, progress, TinyProject.shelf(stores)));
    }
  }

  public static void main(String[] args) throws Exception {
    var dataSource = new DriverManagerDataSource(args[0], args[1], args[2]);
    Stores stores = Stores.of(JdbcClient.create(dataSource), Path.of(args[3]));
    Jobs jobs = (Jobs) Class.forName(args[5]).getConstructor().newInstance();
    worker(dataSource, stores, args[4], jobs).start();
    Thread.currentThread().join();
  }

  /// A quick worker.
  public static RunWorker worker(DataSource dataSource, Stores stores, String device, Jobs jobs) {
    BatchOnPostgres batch = BatchOnPostgres.of(dataSource);
    var progress = new RunProgress(System::nanoTime);
    return new RunWorker(
        device,
        jobs.on(batch, stores, progress),
        batch.operator(),
        batch.repository(),
        stores.runs(),
        progress,
        Clock.systemUTC(),
        new RunWorker.Settings(
            Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(1500)));
  }

  static MirrorDescentRlhfJob job(
      BatchOnPostgres batch, Stores stores, RunProgress progress, ModelShelf shelf) {
    return new MirrorDescentRlhfJob(
        batch.repository(), batch.transactions(), stores, progress, shelf);
  }

  /// Starts one on a test's database.
  public static Process start(
      TestDatabase database, Path artifacts, String device, Class<? extends Jobs> jobs, Path log)
      throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx512m",
            "-cp",
            System.getProperty("java.class.path"),
            WorkerProcess.class.getName(),
            database.url(),
            database.username(),
            database.password(),
            artifacts.toString(),
            device,
            jobs.getName())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
