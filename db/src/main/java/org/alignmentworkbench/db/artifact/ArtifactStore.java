package org.alignmentworkbench.db.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.alignmentworkbench.db.artifact.Artifact.Kind;
import org.alignmentworkbench.db.row.Columns;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Files and folders by content hash, with a row for each.
///
/// Content is made under a temporary name, forced to the disk, renamed to its hash, and only then
/// referenced from a row, in the caller's transaction if there is one. So a row without content
/// cannot exist, whenever the process is killed; content without a row can, and [#sweepDangling]
/// removes it. Deleting goes the other way round: the row is marked and committed first.
///
/// | below the folder | holds |
/// |---|---|
/// | `ab/ab12...` | content, in a folder named by the first two digits |
/// | `temporary/` | what is being made |
///
/// One store for a folder: it remembers what is being put, so that sweeping leaves it.
public final class ArtifactStore {
  private static final String INSERT =
      """
      insert into artifact (sha256, kind, bytes, folder)
      values (:sha256, :kind, :bytes, :folder)
      on conflict (sha256) do update
      set swept_at = null,
          kind = case when artifact.kind = 'CHECKPOINT' then excluded.kind else artifact.kind end
      returning sha256, kind, bytes, folder, pinned, created_at, swept_at
      """;
  private static final String FIND =
      """
      select sha256, kind, bytes, folder, pinned, created_at, swept_at
      from artifact
      where sha256 = :sha256
      """;
  private static final String PIN =
      """
      update artifact
      set pinned = :pinned
      where sha256 = :sha256
      """;
  private static final String USE_BY_KIND =
      """
      select kind, count(*) as artifacts, sum(bytes) as bytes
      from artifact
      where swept_at is null
      group by kind
      order by kind
      """;
  // Kept: the last few of a stage, its best, the pinned, and what is also registered as a model or
  // dataset. A content that two runs share is kept while either needs it.
  private static final String MARK_CHECKPOINTS =
      """
      update artifact
      set swept_at = now()
      where kind = 'CHECKPOINT'
        and not pinned
        and swept_at is null
        and exists (select from checkpoint c where c.artifact_sha256 = artifact.sha256)
        and not exists (
          select
          from (
            select artifact_sha256, score,
              row_number() over (partition by run_id, stage order by step desc) as newest,
              row_number() over (partition by run_id, stage order by score, step) as best
            from checkpoint) ranked
          where ranked.artifact_sha256 = artifact.sha256
            and (ranked.newest <= :keepLast
              or (ranked.best = 1 and ranked.score is not null)))
        and not exists (select from model m where m.artifact_sha256 = artifact.sha256)
        and not exists (select from dataset d where d.artifact_sha256 = artifact.sha256)
      returning sha256
      """;
  private static final String KEPT =
      """
      select sha256
      from artifact
      where swept_at is null
      """;

  private final Path folder;
  private final Path temporary;
  private final JdbcClient jdbc;

  /// Hashes whose rows are not yet committed, and temporary folders in use. Guarded by this.
  private final List<String> beingPut = new ArrayList<>();

  private final Set<Path> inUse = new HashSet<>();

  /// @param folder made when it is missing
  public ArtifactStore(Path folder, JdbcClient jdbc) {
    this.folder = folder;
    this.temporary = folder.resolve("temporary");
    this.jdbc = jdbc;
    try {
      Files.createDirectories(temporary);
    } catch (IOException e) {
      throw new UncheckedIOException("the artefact folder " + folder + " cannot be made", e);
    }
  }

  /// How much the artefacts of a kind take.
  public record Use(Kind kind, long artifacts, long bytes) {}

  /// Where the artefacts lie.
  public Path folder() {
    return folder;
  }

  /// A fresh folder on the store's own disk, to make content in that [#adopt] can then rename.
  public synchronized Path temporary() {
    try {
      Path fresh = Files.createTempDirectory(temporary, "");
      inUse.add(fresh);
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes a folder of [#temporary()] with what is left in it.
  public synchronized void discard(Path temporaryFolder) {
    deleteTree(temporaryFolder);
    inUse.remove(temporaryFolder);
  }

  /// Keeps a copy of a file or folder.
  public Artifact put(Kind kind, Path source) {
    Path work = temporary();
    try {
      Path copy = work.resolve("copy");
      copyTree(source, copy);
      return adopt(kind, copy);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy " + source, e);
    } finally {
      discard(work);
    }
  }

  /// Keeps a file or folder that lies below [#temporary()], and takes it away from there.
  public Artifact adopt(Kind kind, Path source) {
    if (!source.startsWith(temporary)) {
      throw new IllegalArgumentException(source + " does not lie below " + temporary);
    }
    try {
      String sha256 = ContentHash.of(source);
      long bytes = force(source);
      boolean isFolder = Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS);
      startPutting(sha256);
      try {
        rename(source, sha256);
        return jdbc.sql(INSERT)
            .param("sha256", sha256)
            .param("kind", kind.name())
            .param("bytes", bytes)
            .param("folder", isFolder)
            .query(ArtifactStore::artifact)
            .single();
      } finally {
        afterTransaction(() -> endPutting(sha256), false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep " + source, e);
    }
  }

  /// Where the content of a hash lies. It must not be changed.
  ///
  /// @throws IllegalStateException when there is none, saying why
  public Path open(String sha256) {
    Path path = pathOf(sha256);
    if (Files.exists(path)) {
      return path;
    }
    Optional<Artifact> artifact = find(sha256);
    throw new IllegalStateException(
        "artefact "
            + sha256
            + artifact
                .map(a ->
                    a.sweptAt() == null ? " has lost its content" : " was swept at " + a.sweptAt())
                .orElse(" is unknown"));
  }

  public Optional<Artifact> find(String sha256) {
    return jdbc.sql(FIND).param("sha256", sha256).query(ArtifactStore::artifact).optional();
  }

  /// Whether sweeping must leave an artefact.
  public void setPinned(String sha256, boolean pinned) {
    jdbc.sql(PIN).param("sha256", sha256).param("pinned", pinned).update();
  }

  public List<Use> use() {
    return jdbc.sql(USE_BY_KIND)
        .query((row, number) ->
            new Use(
                Kind.valueOf(row.getString("kind")),
                row.getLong("artifacts"),
                row.getLong("bytes")))
        .list();
  }

  /// Sweeps checkpoints by rule: those that are neither among the last `keepLast` of their run and
  /// stage, nor its best, nor pinned. Within a transaction the content goes when that has
  /// committed.
  ///
  /// @param keepLast at least 2: a caller that records its newest checkpoint in a transaction still
  ///   needs the one before, should it not commit
  /// @return the hashes swept
  public List<String> sweepCheckpoints(int keepLast) {
    if (keepLast < 2) {
      throw new IllegalArgumentException("keepLast must be >= 2, was " + keepLast);
    }
    List<String> swept =
        jdbc.sql(MARK_CHECKPOINTS)
            .param("keepLast", keepLast)
            .query((row, number) -> row.getString("sha256"))
            .list();
    if (!swept.isEmpty()) {
      afterTransaction(() -> deleteSwept(swept), true);
    }
    return swept;
  }

  /// Deletes content that no row refers to and temporary folders of earlier processes. A crash
  /// leaves such; nothing else does.
  ///
  /// @return what was deleted
  public synchronized List<Path> sweepDangling() {
    List<Path> candidates = new ArrayList<>();
    try {
      for (Path prefix : children(folder)) {
        if (prefix.equals(temporary)) {
          children(prefix).stream().filter(path -> !inUse.contains(path)).forEach(candidates::add);
        } else {
          candidates.addAll(children(prefix));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Set<String> kept =
        new HashSet<>(jdbc.sql(KEPT).query((row, number) -> row.getString("sha256")).list());
    kept.addAll(beingPut);
    List<Path> dangling =
        candidates.stream().filter(path -> !kept.contains(path.getFileName().toString())).toList();
    dangling.forEach(ArtifactStore::deleteTree);
    return dangling;
  }

  private synchronized void deleteSwept(List<String> swept) {
    for (String sha256 : swept) {
      // Somebody may be putting the same content again, or have done so since.
      boolean still = find(sha256).map(a -> a.sweptAt() != null).orElse(true);
      if (still && !beingPut.contains(sha256)) {
        deleteTree(pathOf(sha256));
      }
    }
  }

  private synchronized void startPutting(String sha256) {
    beingPut.add(sha256);
  }

  private synchronized void endPutting(String sha256) {
    beingPut.remove(sha256);
  }

  /// Now, or when the caller's transaction has ended.
  private static void afterTransaction(Runnable action, boolean onlyIfCommitted) {
    if (!TransactionSynchronizationManager.isSynchronizationActive()) {
      action.run();
      return;
    }
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            if (!onlyIfCommitted || status == STATUS_COMMITTED) {
              action.run();
            }
          }
        });
  }

  private Path pathOf(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("not a SHA-256 in hexadecimal: " + sha256);
    }
    return prefixOf(sha256).resolve(sha256);
  }

  private Path prefixOf(String sha256) {
    return folder.resolve(sha256.substring(0, 2));
  }

  private void rename(Path source, String sha256) throws IOException {
    Path target = pathOf(sha256);
    Path prefix = prefixOf(sha256);
    Files.createDirectories(prefix);
    if (Files.exists(target)) {
      // The same content is there already.
      deleteTree(source);
      return;
    }
    try {
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.exists(target)) {
        throw e;
      }
      // Another thread was first.
      deleteTree(source);
    }
    forceFolder(prefix);
    forceFolder(folder);
  }

  /// Forces every file and folder to the disk and returns the number of bytes in files.
  private static long force(Path root) throws IOException {
    long bytes = 0;
    for (Path file : ContentHash.files(root)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        channel.force(true);
        bytes += channel.size();
      }
    }
    if (Files.isDirectory(root)) {
      try (Stream<Path> walk = Files.walk(root)) {
        for (Path directory : walk.filter(Files::isDirectory).toList()) {
          forceFolder(directory);
        }
      }
    }
    return bytes;
  }

  /// A rename is on the disk when its folder is.
  private static void forceFolder(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void copyTree(Path source, Path target) throws IOException {
    if (!Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)) {
      Files.copy(source, target, LinkOption.NOFOLLOW_LINKS);
      return;
    }
    Files.createDirectories(target);
    for (Path file : ContentHash.files(source)) {
      Path copy = target.resolve(source.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static List<Path> children(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(directory)) {
      return list.toList();
    }
  }

  private static void deleteTree(Path root) {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.toList().reversed()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + root, e);
    }
  }

  private static Artifact artifact(ResultSet row, int number) throws SQLException {
    return new Artifact(
        row.getString("sha256"),
        Kind.valueOf(row.getString("kind")),
        row.getLong("bytes"),
        row.getBoolean("folder"),
        row.getBoolean("pinned"),
        Columns.instant(row, "created_at"),
        Columns.instantOrNull(row, "swept_at"));
  }
}
