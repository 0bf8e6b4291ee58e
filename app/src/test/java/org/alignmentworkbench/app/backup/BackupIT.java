package org.alignmentworkbench.app.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.alignmentworkbench.app.RunningServer;
import org.alignmentworkbench.app.SeededProject;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.exchange.JudgementExport;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.exchange.JudgementExportRow;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.Role;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.project.ProjectRepository;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.Submission;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A backup while people judge, and what becomes of it.
class BackupIT {
  private static RunningServer server;
  private static SeededProject quiet;
  private static long busy;
  @TempDir static Path folder;
  private static Path backup;
  private static BackupWriter.Written written;
  private static JudgementExportRow export;
  private static String snapshot;
  private static String modelFolder;
  private static final AtomicInteger JUDGED = new AtomicInteger();
  private static int before;
  private static int after;

  @BeforeAll
  static void write() throws Exception {
    server = new RunningServer("--workbench.worker=false");
    quiet = new SeededProject(server);
    JdbcClient jdbc = server.database().jdbc();
    // The seeded project's artefacts are rows without content.
    jdbc.sql("update artifact set swept_at = now()").update();
    busy = secondProject(jdbc);
    export =
        server
            .bean(JudgementExport.class)
            .make(project(server.context()), JudgementFormat.values()[0], false, null);
    snapshot =
        server
            .bean(JudgementSnapshot.class)
            .takeAll(quiet.projectId, false)
            .orElseThrow()
            .artifactSha256();
    Path model = Files.createDirectories(folder.resolve("model/inner"));
    Files.writeString(model.resolve("weights.bin"), "w".repeat(100_000));
    Files.writeString(folder.resolve("model/config.json"), "{}");
    modelFolder =
        server.bean(ArtifactStore.class).put(Artifact.Kind.MODEL, folder.resolve("model")).sha256();
    Files.createDirectories(server.home().resolve("models/smol"));
    Files.writeString(server.home().resolve("models/smol/config.json"), "{\"a\": 1}");
    Path link = Files.createDirectories(server.home().resolve("exports/demo")).resolve("m-hf");
    Files.createSymbolicLink(
        link, Path.of("../../artifacts/" + modelFolder.substring(0, 2) + "/" + modelFolder));

    AtomicBoolean stop = new AtomicBoolean();
    Thread[] people = new Thread[3];
    for (int i = 0; i < people.length; i++) {
      Person person = server.person("busy" + i, Role.ANNOTATOR);
      people[i] = Thread.ofPlatform().start(() -> judge(person, stop));
    }
    while (JUDGED.get() < 20) {
      Thread.sleep(10);
    }
    backup = folder.resolve("all.backup");
    before = JUDGED.get();
    written = server.bean(BackupWriter.class).write(backup);
    after = JUDGED.get();
    int goal = after + 5;
    while (JUDGED.get() < goal && people[0].isAlive()) {
      Thread.sleep(10);
    }
    stop.set(true);
    for (Thread thread : people) {
      thread.join();
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Project project(ConfigurableApplicationContext context) {
    return context.getBean(ProjectRepository.class).find(quiet.projectId).orElseThrow();
  }

  /// A project of 400 comparisons that nobody has judged, of the seeded project's responses.
  private static long secondProject(JdbcClient jdbc) {
    long id = server.bean(ProjectRepository.class).create("busy", 2, "{}").id();
    jdbc.sql(
            """
            insert into task (project_id, key, round, prompt_id, response_a, response_b, shuffle_key,
              overlap)
            select :p, t.key || '/' || n, 1, t.prompt_id, t.response_a, t.response_b, t.id * 31 + n, 3
            from task t, generate_series(1, 2) n
            where t.project_id = :of
            """)
        .param("p", id)
        .param("of", quiet.projectId)
        .update();
    jdbc.sql(
            """
            insert into slot (task_id, ordinal, project_id, shuffle_key, a_left)
            select id, o, project_id, shuffle_key, true
            from task, generate_series(0, 2) o
            where project_id = :p
            """)
        .param("p", id)
        .update();
    return id;
  }

  private static void judge(Person person, AtomicBoolean stop) {
    Queue queue = server.bean(Queue.class);
    Grades grades = new Grades(1, 1, 1, 1);
    while (!stop.get()) {
      Instant now = Instant.now();
      if (!(queue.claim(busy, person.id(), now, Duration.ofMinutes(1))
          instanceof Claim.Claimed(var slot))) {
        return;
      }
      var _ =
          queue.submit(
              new Submission(
                  slot.slotId(),
                  person.id(),
                  UUID.randomUUID(),
                  2,
                  grades,
                  grades,
                  "",
                  900,
                  0,
                  false),
              now);
      JUDGED.incrementAndGet();
    }
  }

  @Test
  void what_was_written_under_load_is_one_moment_and_comes_back_with_the_same_hashes()
      throws Exception {
    assertThat(after).as("people judged while it was written").isGreaterThan(before);
    assertThat(written.artifacts()).isGreaterThanOrEqualTo(3);
    Path home = folder.resolve("restored");
    Restore.Restored restored = Restore.restore(backup, home);
    assertThat(restored.rows()).isEqualTo(written.rows());
    assertThat(Files.exists(home.resolve("artifacts"))).isTrue();

    try (ConfigurableApplicationContext again =
        WorkbenchApplication.start(home, 0, "--workbench.worker=false")) {
      JdbcClient jdbc = again.getBean(JdbcClient.class);
      int judged =
          jdbc.sql(
                  """
                  select count(*)
                  from judgement j
                  join task t on t.id = j.task_id
                  where t.project_id = :p
                  """)
              .param("p", busy)
              .query(Integer.class)
              .single();
      assertThat(judged).isBetween(before, after + 3);
      // A moment between two statements of one submit would leave one of these without the other.
      assertThat(
              jdbc.sql("select count(*) from slot where project_id = :p and done")
                  .param("p", busy)
                  .query(Integer.class)
                  .single())
          .isEqualTo(judged);
      JudgementExportRow made =
          again
              .getBean(JudgementExport.class)
              .make(project(again), JudgementFormat.values()[0], false, null);
      assertThat(made.artifactSha256()).isEqualTo(export.artifactSha256());
      assertThat(
              again
                  .getBean(JudgementSnapshot.class)
                  .takeAll(quiet.projectId, false)
                  .orElseThrow()
                  .artifactSha256())
          .isEqualTo(snapshot);
      ArtifactStore artifacts = again.getBean(ArtifactStore.class);
      assertThat(Files.size(artifacts.open(modelFolder).resolve("inner/weights.bin")))
          .isEqualTo(100_000);
      assertThat(home.resolve("models/smol/config.json")).hasContent("{\"a\": 1}");
      assertThat(home.resolve("exports/demo/m-hf/config.json")).hasContent("{}");
      // New rows get new numbers: the sequences are as far as the rows.
      long next = again.getBean(ProjectRepository.class).create("after", 1, "{}").id();
      assertThat(next).isGreaterThan(busy);
      assertThat(jdbc.sql("select count(*) from spring_session").query(Long.class).single())
          .as("nobody is signed in by a backup")
          .isZero();
    }
  }

  @Test
  void a_folder_that_holds_something_is_left_alone() throws IOException {
    Path home = Files.createDirectories(folder.resolve("full"));
    Files.writeString(home.resolve("mine.txt"), "mine");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Restore.restore(backup, home))
        .withMessageContaining("is not empty");
    assertThat(home.resolve("mine.txt")).hasContent("mine");
  }

  @Test
  void a_file_that_was_cut_off_is_refused_and_nothing_is_made() throws IOException {
    byte[] whole = Files.readAllBytes(backup);
    Path home = folder.resolve("never");
    for (int length : new int[] {0, 100, whole.length / 2, whole.length - 1}) {
      Path cut = folder.resolve("cut-" + length);
      Files.write(cut, java.util.Arrays.copyOf(whole, length));
      assertThatIllegalArgumentException()
          .as(length + " bytes")
          .isThrownBy(() -> Restore.restore(cut, home))
          .withMessageContaining("is not a whole backup");
    }
    assertThat(home).doesNotExist();
    try (var beside = Files.list(folder)) {
      assertThat(beside.map(path -> path.getFileName().toString()))
          .noneMatch(name -> name.contains("restoring"));
    }
  }

  @Test
  void a_changed_entry_a_missing_one_and_one_that_unpacks_to_more_are_refused() throws IOException {
    Path home = folder.resolve("never");
    String table = "database/prompt";
    assertRefused(
        rewritten(
            table,
            bytes -> {
              bytes[bytes.length / 2] ^= 1;
              return bytes;
            }),
        home,
        table + " is not what was written");
    assertRefused(rewritten(table, _ -> null), home, table + " is missing");
    // Zeros pack to a thousandth: reading stops at the length that is listed.
    assertRefused(
        rewritten(table, _ -> new byte[64 << 20]), home, table + " is not what was written");
    assertRefused(
        rewritten(
            Manifest.NAME,
            bytes ->
                new String(bytes, StandardCharsets.UTF_8)
                    .replaceFirst("models/smol/config.json", "models/../../outside")
                    .getBytes(StandardCharsets.UTF_8)),
        home,
        "cannot be the name of an entry");
    assertThat(home).doesNotExist();
    assertThat(folder.resolve("outside")).doesNotExist();
  }

  private static void assertRefused(Path file, Path home, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Restore.restore(file, home))
        .withMessageContaining(why);
  }

  /// The bytes of an entry, changed; null leaves it out.
  private interface Change {
    byte[] of(byte[] bytes);
  }

  private static Path rewritten(String entry, Change change) throws IOException {
    Path target = Files.createTempFile(folder, "changed", ".backup");
    try (ZipFile from = new ZipFile(backup.toFile());
        OutputStream out = Files.newOutputStream(target);
        ZipOutputStream to = new ZipOutputStream(out)) {
      for (ZipEntry each : from.stream().toList()) {
        byte[] bytes;
        try (InputStream in = from.getInputStream(each)) {
          bytes = in.readAllBytes();
        }
        byte[] written = each.getName().equals(entry) ? change.of(bytes) : bytes;
        if (written != null) {
          to.putNextEntry(new ZipEntry(each.getName()));
          to.write(written);
          to.closeEntry();
        }
      }
    }
    return target;
  }

  @Test
  void nothing_that_is_there_is_written_over() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.bean(BackupWriter.class).write(backup))
        .withMessageContaining("exists already");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.bean(BackupWriter.class).write(folder.resolve("no/such/file")))
        .withMessageContaining("there is no folder");
  }
}
