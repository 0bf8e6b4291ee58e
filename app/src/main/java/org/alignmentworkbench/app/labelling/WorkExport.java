package org.alignmentworkbench.app.labelling;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.exchange.WorkExports;
import org.alignmentworkbench.db.exchange.WorkExports.WorkExportRow;
import org.alignmentworkbench.db.exchange.WorkRow;
import org.alignmentworkbench.db.exchange.WorkRows;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.task.Setup;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Writes all that was answered to a set-up into a file of one format, as comparisons leave: read
/// through a cursor and written row by row, of one moment of the database, kept by its hash as a
/// child of the models it is about and of the files that brought its texts, and noted in the audit
/// trail.
@Component
public class WorkExport {
  private static final int HASH_DIGITS = 12;

  private final WorkRows rows;
  private final WorkExports exports;
  private final LineageRepository lineage;
  private final ArtifactStore artifacts;
  private final AuditRepository audit;
  private final TransactionTemplate oneMoment;

  WorkExport(
      JdbcClient jdbc,
      WorkRows rows,
      LineageRepository lineage,
      ArtifactStore artifacts,
      AuditRepository audit,
      PlatformTransactionManager transactions) {
    this.rows = rows;
    this.exports = new WorkExports(jdbc);
    this.lineage = lineage;
    this.artifacts = artifacts;
    this.audit = audit;
    this.oneMoment = new TransactionTemplate(transactions);
    oneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  private record Written(Artifact file, long judged, long skipped, long withdrawn) {}

  /// Exports what counts now; the same answers again are the same file.
  public WorkExportRow make(Setup setup, WorkFormat format, long personId) {
    return make(setup, format, false, personId);
  }

  /// Exports what is there now.
  ///
  /// @param withdrawn whether answers that count no more are in it too, marked as such
  /// @param personId who wants it; null for a command on this machine
  public WorkExportRow make(
      Setup setup, WorkFormat format, boolean withdrawn, @Nullable Long personId) {
    return oneMoment.execute(_ -> {
      Written written = write(setup, format, withdrawn);
      String sha256 = written.file().sha256();
      for (String model : rows.models(setup.id())) {
        lineage.edge(model, sha256, "answers", null);
      }
      for (String file : rows.files(setup.id())) {
        lineage.edge(file, sha256, "imported", null);
      }
      WorkExportRow row =
          exports.add(
              setup.id(),
              format.title(),
              sha256,
              written.judged(),
              written.skipped(),
              written.withdrawn(),
              personId);
      audit.record(
          personId,
          "judgements.export",
          "project " + setup.projectId(),
          JsonMapper.shared()
              .writeValueAsString(
                  Map.of(
                      "format", format.title(),
                      "setup", setup.id(),
                      "judgements", written.judged(),
                      "skips", written.skipped(),
                      "withdrawn", written.withdrawn(),
                      "sha256", sha256)));
      return row;
    });
  }

  private Written write(Setup setup, WorkFormat format, boolean withWithdrawn) {
    Path work = artifacts.temporary();
    long judged = 0;
    long skipped = 0;
    long withdrawn = 0;
    try {
      Path file = work.resolve("answers");
      try (Stream<WorkRow> all = rows.of(setup.id(), withWithdrawn);
          WorkWriter writer =
              WorkWriter.open(
                  format, setup, new BufferedOutputStream(Files.newOutputStream(file)))) {
        for (WorkRow row : (Iterable<WorkRow>) all::iterator) {
          writer.write(row);
          withdrawn += row.withdrawn() == null ? 0 : 1;
          judged += row.answer() == null || row.withdrawn() != null ? 0 : 1;
          skipped += row.answer() == null ? 1 : 0;
        }
      }
      return new Written(artifacts.adopt(Artifact.Kind.EXPORT, file), judged, skipped, withdrawn);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      artifacts.discard(work);
    }
  }

  /// The newest files of a set-up.
  ///
  /// @param before only those of lower number
  public List<WorkExportRow> latest(long setupId, long before, int limit) {
    return exports.latest(setupId, before, limit);
  }

  /// A file of this set-up and no other.
  public Optional<WorkExportRow> find(long setupId, long id) {
    return exports.find(setupId, id);
  }

  /// A name that tells kind, set-up and content.
  public static String fileName(Setup setup, WorkExportRow row, WorkFormat format) {
    return "answers-%s-%d-%s.%s"
        .formatted(
            setup.question().kind().name().toLowerCase(Locale.ROOT),
            setup.id(),
            row.artifactSha256().substring(0, HASH_DIGITS),
            format.extension());
  }
}
