package org.alignmentworkbench.app.backup;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.alignmentworkbench.db.artifact.ContentHash;
import org.alignmentworkbench.db.backup.TableCopy;
import org.alignmentworkbench.db.migration.Migrations;
import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.db.server.PostgresServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Makes a data folder of a backup.
///
/// 1. Every entry is read and compared with the list of hashes, before anything is written: a file
///    that was cut off or changed is refused.
/// 2. A fresh folder beside the wanted one gets a database with the schema of the backup, its rows,
///    its artefacts and models. Artefacts must come to the hash that is their name.
/// 3. All tables are read again and must come to the same hashes. Then the schema is brought to
///    this version, and the folder gets its name.
///
/// A process that is killed in between leaves the wanted folder as it was, and one beside it whose
/// name has `.restoring` in it and can be deleted.
public final class Restore {
  private static final int LARGEST_MANIFEST = 512 << 20;
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final ZipFile zip;
  private final Manifest manifest;
  private final Map<String, Manifest.Entry> entries = new HashMap<>();

  private Restore(Path file, ZipFile zip, Manifest manifest) {
    this.file = file;
    this.zip = zip;
    this.manifest = manifest;
    manifest.entries().forEach(entry -> entries.put(entry.name(), entry));
  }

  /// What was restored.
  public record Restored(int tables, long rows, long artifacts, long bytes, String at) {}

  /// Restores a backup.
  ///
  /// @param home the data folder; missing or empty
  /// @throws IllegalArgumentException when the folder is not empty, or the file not a whole backup
  public static Restored restore(Path file, Path home) throws IOException {
    Path target = home.toAbsolutePath().normalize();
    requireEmpty(target);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException("there is no file " + file);
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Restore restore = new Restore(file, zip, manifest(file, zip));
      restore.verify();
      return restore.into(target);
    } catch (ZipException e) {
      throw notWhole(file, String.valueOf(e.getMessage()), e);
    } catch (SQLException e) {
      throw new IOException("the rows could not be written: " + e.getMessage(), e);
    }
  }

  private static void requireEmpty(Path home) throws IOException {
    if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(home, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException("the data folder " + home + " is no folder");
    }
    try (Stream<Path> inside = Files.list(home)) {
      if (inside.findAny().isPresent()) {
        throw new IllegalArgumentException(
            "the data folder " + home + " is not empty; a backup is restored into an empty one");
      }
    }
  }

  private static IllegalArgumentException notWhole(
      Path file, String why, @Nullable Throwable cause) {
    return new IllegalArgumentException(file + " is not a whole backup: " + why, cause);
  }

  private static Manifest manifest(Path file, ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(Manifest.NAME);
    if (entry == null) {
      throw notWhole(file, "it has no " + Manifest.NAME, null);
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] json = in.readNBytes(LARGEST_MANIFEST + 1);
      if (json.length > LARGEST_MANIFEST) {
        throw notWhole(file, "its " + Manifest.NAME + " is too large", null);
      }
      return JsonMapper.shared().readValue(json, Manifest.class);
    } catch (JacksonException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw notWhole(file, String.valueOf(cause.getMessage()), e);
    }
  }

  /// Reads all entries once and compares them with the list.
  private void verify() throws IOException {
    for (Manifest.Entry entry : manifest.entries()) {
      copy(entry, OutputStream.nullOutputStream());
    }
  }

  /// Unpacks no more of an entry than its length, whatever the file says of itself.
  private void copy(Manifest.Entry entry, OutputStream to) throws IOException {
    ZipEntry packed = zip.getEntry(entry.name());
    if (packed == null) {
      throw notWhole(file, "entry " + entry.name() + " is missing", null);
    }
    MessageDigest sha256 = BackupWriter.sha256();
    long left = entry.bytes();
    try (InputStream in = zip.getInputStream(packed)) {
      OutputStream out = new DigestOutputStream(to, sha256);
      byte[] buffer = new byte[BUFFER];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        left -= read;
        if (left < 0) {
          break;
        }
        out.write(buffer, 0, read);
      }
      out.flush();
    }
    if (left != 0 || !HexFormat.of().formatHex(sha256.digest()).equals(entry.sha256())) {
      throw notWhole(file, "entry " + entry.name() + " is not what was written", null);
    }
  }

  private Restored into(Path target) throws IOException, SQLException {
    Path parent =
        Files.createDirectories(
            Objects.requireNonNull(target.getParent(), "a data folder has a parent"));
    long free = Files.getFileStore(parent).getUsableSpace();
    if (free < manifest.bytes()) {
      throw new IllegalArgumentException(
          "%s unpacks to %,d bytes, and %s has %,d free"
              .formatted(file, manifest.bytes(), parent, free));
    }
    Path fresh = Files.createTempDirectory(parent, target.getFileName() + ".restoring-");
    try {
      try (DataFolder folder = DataFolder.open(fresh);
          PostgresServer server = PostgresServer.start(folder);
          HikariDataSource pool = server.pool(2)) {
        rows(pool);
        files(fresh);
        Migrations.migrate(pool);
      }
      Files.deleteIfExists(fresh.resolve("lock"));
      Files.deleteIfExists(target);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return restored();
    } finally {
      deleteTree(fresh);
    }
  }

  private Restored restored() {
    return new Restored(
        manifest.tables().size(),
        manifest.tables().stream().mapToLong(Manifest.Rows::rows).sum(),
        artifacts().size(),
        manifest.bytes(),
        manifest.at().toString());
  }

  private void rows(HikariDataSource pool) throws IOException, SQLException {
    if (manifest.migrations().isEmpty()) {
      throw notWhole(file, "it names no migration", null);
    }
    Migrations.migrateTo(pool, manifest.migrations().getLast().version());
    try (TableCopy copy = TableCopy.into(pool)) {
      if (!copy.migrations().equals(manifest.migrations())) {
        throw new IllegalArgumentException(
            "%s was written by version %s, whose schema this version cannot make"
                .formatted(file, manifest.version()));
      }
      List<TableCopy.Table> tables = manifest.tables().stream().map(Manifest.Rows::table).toList();
      if (!copy.tables().equals(tables)) {
        throw notWhole(file, "its tables are not those of its schema", null);
      }
      copy.empty(tables);
      for (Manifest.Rows rows : manifest.tables()) {
        try (InputStream in = open(Manifest.DATABASE + rows.table().name())) {
          long written = copy.in(rows.table(), in);
          if (written != rows.rows()) {
            throw notWhole(
                file,
                "table %s has %d rows, not %d".formatted(rows.table().name(), written, rows.rows()),
                null);
          }
        }
      }
      for (TableCopy.Sequence sequence : manifest.sequences()) {
        copy.set(sequence);
      }
      readAgain(copy);
      for (String sha256 : manifest.swept()) {
        copy.markSwept(sha256);
      }
      copy.commit();
    }
  }

  private InputStream open(String name) throws IOException {
    return zip.getInputStream(Objects.requireNonNull(zip.getEntry(name), name));
  }

  /// What the database holds now must come to what was written.
  private void readAgain(TableCopy copy) throws IOException, SQLException {
    for (Manifest.Rows rows : manifest.tables()) {
      MessageDigest sha256 = BackupWriter.sha256();
      long _ =
          copy.out(rows.table(), new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
      Manifest.Entry entry =
          Objects.requireNonNull(entries.get(Manifest.DATABASE + rows.table().name()));
      if (!HexFormat.of().formatHex(sha256.digest()).equals(entry.sha256())) {
        throw new IOException("table " + rows.table().name() + " did not come back as it was");
      }
    }
  }

  /// The hashes of the artefacts that the backup holds.
  private Set<String> artifacts() {
    Set<String> found = new HashSet<>();
    for (Manifest.Entry entry : manifest.entries()) {
      if (entry.name().startsWith(Manifest.ARTIFACTS)) {
        found.add(entry.name().substring(Manifest.ARTIFACTS.length()).split("/", 2)[0]);
      }
    }
    return found;
  }

  private void files(Path home) throws IOException {
    for (Manifest.Entry entry : manifest.entries()) {
      if (entry.name().startsWith(Manifest.ARTIFACTS)) {
        String inside = entry.name().substring(Manifest.ARTIFACTS.length());
        unpack(entry, home, "artifacts/" + inside.substring(0, 2) + "/" + inside);
      } else if (entry.name().startsWith(Manifest.MODELS)) {
        unpack(entry, home, entry.name());
      }
    }
    for (String sha256 : artifacts()) {
      if (!ContentHash.of(artifact(home, sha256)).equals(sha256)) {
        throw notWhole(file, "artefact " + sha256 + " has other content", null);
      }
    }
    for (Manifest.Link link : manifest.links()) {
      Path content = artifact(home, link.sha256());
      if (Files.exists(content)) {
        Path name = inside(home, link.name());
        Path folder = Files.createDirectories(Objects.requireNonNull(name.getParent()));
        Files.createSymbolicLink(name, folder.relativize(content));
      }
    }
  }

  private static Path artifact(Path home, String sha256) {
    return home.resolve("artifacts").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private void unpack(Manifest.Entry entry, Path home, String name) throws IOException {
    Path target = inside(home, name);
    Files.createDirectories(Objects.requireNonNull(target.getParent()));
    // A fresh file, never one that is there: names that differ in case alone may be one file.
    try (OutputStream out =
        Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      copy(entry, out);
    }
  }

  /// A path below the folder, whatever the name says; the pattern of names allows no other.
  private static Path inside(Path home, String name) {
    Path path = home.resolve(name).normalize();
    if (!path.startsWith(home)) {
      throw new IllegalArgumentException("'" + name + "' leads out of the data folder");
    }
    return path;
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.toList().reversed()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
