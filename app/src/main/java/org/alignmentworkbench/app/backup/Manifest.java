package org.alignmentworkbench.app.backup;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignmentworkbench.db.backup.TableCopy.Migration;
import org.alignmentworkbench.db.backup.TableCopy.Sequence;
import org.alignmentworkbench.db.backup.TableCopy.Table;

/// What a backup holds: its last entry, by which all others are checked.
///
/// @param format 1
/// @param version of the program that wrote it
/// @param at when
/// @param migrations the schema of its rows
/// @param swept artefacts that were swept while it was written
/// @param entries every other entry of the file
/// @param links names for exports
record Manifest(
    int format,
    String version,
    Instant at,
    List<Migration> migrations,
    List<Rows> tables,
    List<Sequence> sequences,
    List<String> swept,
    List<Entry> entries,
    List<Link> links) {
  static final int FORMAT = 1;

  /// The entry it lies in.
  static final String NAME = "manifest.json";

  static final String DATABASE = "database/";
  static final String ARTIFACTS = "artifacts/";
  static final String MODELS = "models/";
  static final String EXPORTS = "exports/";

  /// A part of a path: nothing hidden, nothing that leads elsewhere on any system.
  private static final String PART = "(?!\\.{1,2}(/|$))[^/\\\\\\x00-\\x1f\\x7f:]{1,255}";

  private static final Pattern ENTRY =
      Pattern.compile(
          "database/[a-z_][a-z0-9_]{0,62}"
              + "|artifacts/[0-9a-f]{64}(/"
              + PART
              + "){0,32}"
              + "|models(/"
              + PART
              + "){1,32}");

  private static final Pattern LINK = Pattern.compile("exports(/" + PART + "){1,8}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /// A table's rows.
  record Rows(Table table, long rows) {}

  /// An entry.
  ///
  /// @param bytes as it unpacks
  /// @param sha256 of those bytes
  record Entry(String name, long bytes, String sha256) {
    Entry {
      if (!ENTRY.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' cannot be the name of an entry");
      }
      if (bytes < 0 || !SHA256.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "entry %s cannot have %d bytes and the hash '%s'".formatted(name, bytes, sha256));
      }
    }
  }

  /// A name under `exports` for an artefact.
  record Link(String name, String sha256) {
    Link {
      if (!LINK.matcher(name).matches() || !SHA256.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "'%s' cannot be the name of '%s'".formatted(name, sha256));
      }
    }
  }

  Manifest {
    if (format != FORMAT) {
      throw new IllegalArgumentException(
          "a backup's format must be %d, was %d".formatted(FORMAT, format));
    }
    migrations = List.copyOf(migrations);
    tables = List.copyOf(tables);
    sequences = List.copyOf(sequences);
    swept = List.copyOf(swept);
    entries = List.copyOf(entries);
    links = List.copyOf(links);
    Set<String> names = new HashSet<>();
    for (Entry entry : entries) {
      if (!names.add(entry.name())) {
        throw new IllegalArgumentException("entry " + entry.name() + " is listed twice");
      }
    }
    for (Rows rows : tables) {
      if (!names.contains(DATABASE + rows.table().name())) {
        throw new IllegalArgumentException("table " + rows.table().name() + " has no entry");
      }
    }
  }

  /// What all entries unpack to.
  long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }
}
