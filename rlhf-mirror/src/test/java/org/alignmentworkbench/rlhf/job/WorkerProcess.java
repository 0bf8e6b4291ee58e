package org.alignmentworkbench.rlhf.job;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.rlhf.training.TinyModels;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A worker in a JVM of its own, to be killed: arguments are the database's address, user and
/// password, the folder of artefacts, and the device whose queue it works on.
public final class WorkerProcess {
  private WorkerProcess() {}

  public static void main(String[] args) throws InterruptedException {
    var dataSource = new DriverManagerDataSource(args[0], args[1], args[2]);
    Stores stores = Stores.of(JdbcClient.create(dataSource), Path.of(args[3]));
    worker(dataSource, stores, args[4]).start();
    Thread.currentThread().join();
  }

  /// A quick worker that knows this module's training by mirror descent.
  static RunWorker worker(javax.sql.DataSource dataSource, Stores stores, String device) {
    BatchOnPostgres batch = BatchOnPostgres.of(dataSource);
    var progress = new RunProgress(System::nanoTime);
    var shelf = new ModelShelf(stores, TinyModels::engine, Map.of());
    return new RunWorker(
        device,
        List.of(job(batch, stores, progress, shelf)),
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
  static Process start(TestDatabase database, Path artifacts, String device, Path log)
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
            device)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
