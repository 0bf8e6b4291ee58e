package org.alignmentworkbench.app.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.alignmentworkbench.app.web.Attachments;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.exchange.JudgementImportRow;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImports;
import org.alignmentworkbench.db.exchange.JudgementImports.ColumnNames;
import org.alignmentworkbench.db.exchange.JudgementImports.NewImport;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.model.dataset.FieldNames;
import org.alignmentworkbench.rlhf.job.RunQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Accepts a file that somebody brings: keeps it by its hash and queues the run that reads it.
///
/// Nothing of the file is looked at here. Its name is for people and is never used as a path.
@Component
public class JudgementImport {
  /// What is accepted at most, as it is sent; the readers bound what it unpacks to.
  public static final long LARGEST = 512L << 20;

  private static final int BUFFER = 1 << 16;

  private final JudgementImports imports;
  private final ArtifactStore artifacts;
  private final RunQueue queue;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;

  JudgementImport(
      JudgementImports imports,
      ArtifactStore artifacts,
      RunQueue queue,
      AuditRepository audit,
      TransactionTemplate transaction) {
    this.imports = imports;
    this.artifacts = artifacts;
    this.queue = queue;
    this.audit = audit;
    this.transaction = transaction;
  }

  /// What is wanted of a file.
  ///
  /// @param overlap judgements wanted of a pair that nobody has judged, 1..20
  /// @param strength of a preference that says none, 1..4
  /// @param names what the file calls the parts of a preference
  public record Wish(Purpose purpose, int overlap, int strength, boolean dryRun, FieldNames names) {
    /// As people mostly want it: judgements, one a pair, of the middle strength "better".
    public static final Wish DEFAULT = new Wish(Purpose.JUDGEMENTS, 1, 3, false);

    /// Of a file that calls everything as the readers do.
    public Wish(Purpose purpose, int overlap, int strength, boolean dryRun) {
      this(purpose, overlap, strength, dryRun, FieldNames.USUAL);
    }

    public Wish {
      if (overlap < 1 || overlap > 20) {
        throw new IllegalArgumentException("overlap must be 1..20, was " + overlap);
      }
      if (strength < 1 || strength > 4) {
        throw new IllegalArgumentException("strength must be 1..4, was " + strength);
      }
    }
  }

  /// What became of a file.
  ///
  /// @param again whether the same content was accepted before, so that nothing is to be done
  public record Accepted(JudgementImportRow row, boolean again) {}

  /// Accepts a file.
  ///
  /// @param personId who brings it; null for a command on this machine
  /// @throws IllegalArgumentException when it is empty or too large
  public Accepted accept(
      Project project, InputStream file, String fileName, Wish wish, @Nullable Long personId)
      throws IOException {
    Path work = artifacts.temporary();
    try {
      Path copy = work.resolve("brought");
      copy(file, copy, fileName);
      return transaction.execute(
          _ -> keep(project, copy, Attachments.shownName(fileName), wish, personId));
    } finally {
      artifacts.discard(work);
    }
  }

  private static void copy(InputStream file, Path copy, String fileName) throws IOException {
    long taken = 0;
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out = Files.newOutputStream(copy)) {
      for (int read = file.read(buffer); read >= 0; read = file.read(buffer)) {
        taken += read;
        if (taken > LARGEST) {
          throw new IllegalArgumentException(
              "%s is larger than %d bytes".formatted(Attachments.shownName(fileName), LARGEST));
        }
        out.write(buffer, 0, read);
      }
    }
    if (taken == 0) {
      throw new IllegalArgumentException(Attachments.shownName(fileName) + " is empty");
    }
  }

  private Accepted keep(
      Project project, Path copy, String fileName, Wish wish, @Nullable Long personId) {
    Artifact file = artifacts.adopt(Artifact.Kind.DATASET, copy);
    ColumnNames columns =
        new ColumnNames(wish.names().prompt(), wish.names().chosen(), wish.names().rejected());
    var same = imports.same(project.id(), file.sha256(), wish.purpose(), columns);
    if (!wish.dryRun() && same.isPresent()) {
      return new Accepted(same.get(), true);
    }
    JudgementImportRow row =
        imports.add(
            new NewImport(
                project.id(),
                fileName,
                file.sha256(),
                wish.purpose(),
                wish.overlap(),
                wish.strength(),
                wish.dryRun(),
                columns,
                personId));
    Run run =
        queue.enqueue(
            project.id(),
            (wish.dryRun() ? "import-try-" : "import-") + row.id(),
            "judgementImport",
            JsonMapper.shared().writeValueAsString(Map.of("file", fileName)),
            project.seed());
    imports.setRun(row.id(), run.id());
    audit.record(
        personId,
        "judgements.import",
        "project " + project.id(),
        JsonMapper.shared()
            .writeValueAsString(
                Map.of(
                    "file", fileName,
                    "sha256", file.sha256(),
                    "purpose", wish.purpose(),
                    "dryRun", wish.dryRun())));
    return new Accepted(imports.find(row.id()).orElseThrow(), false);
  }
}
