package org.alignmentworkbench.app.backup;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.sql.DataSource;
import org.alignmentworkbench.app.config.CodeVersion;
import org.alignmentworkbench.app.config.WorkbenchSettings;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.artifact.ContentHash;
import org.alignmentworkbench.db.backup.TableCopy;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Writes everything the server keeps into one file while it goes on working.
///
/// 1. A transaction is opened that sees the database at one moment, and every table is written from
///    it. Whatever is written meanwhile is not in the file.
/// 2. The content of every artefact of that moment follows. It never changes, so it may be read
///    later; one that was swept since is listed as such.
/// 3. Registered models and the names of exports follow, then a list of all entries with their
///    hashes. The file gets its name only then, so that a file of that name is whole.
@Component
public class BackupWriter {
  private final DataSource database;
  private final ArtifactStore artifacts;
  private final WorkbenchSettings settings;
  private final CodeVersion version;
  private final Clock clock;

  BackupWriter(
      DataSource database,
      ArtifactStore artifacts,
      WorkbenchSettings settings,
      CodeVersion version,
      Clock clock) {
    this.database = database;
    this.artifacts = artifacts;
    this.settings = settings;
    this.version = version;
    this.clock = clock;
  }

  /// What was written.
  ///
  /// @param sha256 of the file itself
  public record Written(
      String file, long bytes, String sha256, int tables, long rows, long artifacts) {}

  /// Writes a backup.
  ///
  /// @param file where; nothing may be there
  /// @throws IllegalArgumentException when something is there, or the folder is not
  public Written write(Path file) throws IOException {
    Path target = file.toAbsolutePath().normalize();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IllegalArgumentException("there is no folder for " + target);
    }
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException(target + " exists already");
    }
    // It holds password hashes: readable by its owner alone, from its first byte on.
    Path part =
        Files.createTempFile(
            folder,
            target.getFileName() + ".",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Work work = new Work();
      work.write(part);
      try {
        Files.move(part, target);
      } catch (FileAlreadyExistsException e) {
        throw new IllegalArgumentException(target + " exists already", e);
      }
      return new Written(
          target.toString(),
          Files.size(target),
          ContentHash.ofFile(target),
          work.tables.size(),
          work.tables.stream().mapToLong(Manifest.Rows::rows).sum(),
          work.artifactCount);
    } catch (SQLException e) {
      throw new IOException("the database could not be read: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /// Content of one entry.
  private interface Content {
    void to(OutputStream out) throws IOException, SQLException;
  }

  /// One backup in the making.
  private final class Work {
    private final List<Manifest.Rows> tables = new ArrayList<>();
    private final List<Manifest.Entry> entries = new ArrayList<>();
    private final List<Manifest.Link> links = new ArrayList<>();
    private final List<String> swept = new ArrayList<>();
    private long artifactCount;

    void write(Path part) throws IOException, SQLException {
      try (TableCopy moment = TableCopy.ofNow(database);
          ZipOutputStream zip =
              new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
        // Weights hardly shrink, and texts shrink enough at once.
        zip.setLevel(Deflater.BEST_SPEED);
        for (TableCopy.Table table : moment.tables()) {
          long[] rows = new long[1];
          entry(zip, Manifest.DATABASE + table.name(), out -> rows[0] = moment.out(table, out));
          tables.add(new Manifest.Rows(table, rows[0]));
        }
        List<TableCopy.Sequence> sequences = moment.sequences();
        for (TableCopy.Kept kept : moment.artifacts()) {
          artifact(zip, moment, kept);
        }
        models(zip);
        exports();
        Manifest manifest =
            new Manifest(
                Manifest.FORMAT,
                version.toString(),
                clock.instant(),
                moment.migrations(),
                tables,
                sequences,
                swept,
                entries,
                links);
        zip.putNextEntry(new ZipEntry(Manifest.NAME));
        zip.write(JsonMapper.shared().writeValueAsBytes(manifest));
        zip.closeEntry();
      }
      try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
        channel.force(true);
      }
    }

    private void artifact(ZipOutputStream zip, TableCopy moment, TableCopy.Kept kept)
        throws IOException, SQLException {
      int before = entries.size();
      String name = Manifest.ARTIFACTS + kept.sha256();
      Path content =
          artifacts.folder().resolve(kept.sha256().substring(0, 2)).resolve(kept.sha256());
      try {
        for (Path file : files(content)) {
          String inside = relative(content, file);
          file(zip, inside.isEmpty() ? name : name + "/" + inside, file);
        }
        artifactCount++;
      } catch (NoSuchFileException e) {
        if (!moment.sweptSince(kept.sha256())) {
          throw e;
        }
        // What was written of it stays in the file and is not listed; nothing reads it.
        entries.subList(before, entries.size()).clear();
        swept.add(kept.sha256());
      }
    }

    private void models(ZipOutputStream zip) throws IOException, SQLException {
      Path models = settings.home().resolve("models");
      if (Files.isDirectory(models)) {
        for (Path file : files(models)) {
          // What another command is just making has a name with a point in front.
          if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
              && !relative(models, file).startsWith(".")) {
            file(zip, Manifest.MODELS + relative(models, file), file);
          }
        }
      }
    }

    private void exports() throws IOException {
      Path exports = settings.home().resolve("exports");
      if (Files.isDirectory(exports)) {
        for (Path link : files(exports)) {
          if (Files.isSymbolicLink(link)) {
            String sha256 = String.valueOf(Files.readSymbolicLink(link).getFileName());
            if (sha256.matches("[0-9a-f]{64}")) {
              links.add(new Manifest.Link(Manifest.EXPORTS + relative(exports, link), sha256));
            }
          }
        }
      }
    }

    private void file(ZipOutputStream zip, String name, Path file)
        throws IOException, SQLException {
      entry(zip, name, out -> Files.copy(file, out));
    }

    private void entry(ZipOutputStream zip, String name, Content content)
        throws IOException, SQLException {
      MessageDigest sha256 = sha256();
      zip.putNextEntry(new ZipEntry(name));
      CountedStream counted = new CountedStream(new DigestOutputStream(zip, sha256));
      content.to(counted);
      zip.closeEntry();
      entries.add(
          new Manifest.Entry(name, counted.bytes(), HexFormat.of().formatHex(sha256.digest())));
    }
  }

  /// The files below a folder, or the file itself; links are not followed.
  private static List<Path> files(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      throw new NoSuchFileException(root.toString());
    }
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String relative(Path root, Path file) {
    return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
