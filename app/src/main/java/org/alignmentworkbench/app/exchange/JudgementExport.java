package org.alignmentworkbench.app.exchange;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.db.exchange.JudgedRow;
import org.alignmentworkbench.db.exchange.JudgedRows;
import org.alignmentworkbench.db.exchange.JudgementExportRow;
import org.alignmentworkbench.db.exchange.JudgementExports;
import org.alignmentworkbench.db.exchange.Withdrawn;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.task.Grades;
import org.alignmentworkbench.model.dataset.JudgedPair;
import org.alignmentworkbench.model.dataset.JudgementFormat;
import org.alignmentworkbench.model.dataset.JudgementWriter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Writes all judgements of a project into a file of one format.
///
/// 1. What has been judged becomes an immutable snapshot, people's and scripts' apart.
/// 2. The rows are read through a cursor and written one by one; memory does not grow with them.
/// 3. The file is kept by its hash, as a child of the snapshots, and the audit trail says who took
///    it. All of it sees the database at one moment, or nothing of it is kept.
///
/// So the file's own SHA-256 is what `workbench lineage` asks for: renaming it loses nothing.
@Component
public class JudgementExport {
  private static final List<String> GRADES =
      Stream.of("a_", "b_")
          .flatMap(side ->
              Stream.of("instruction_following", "concision", "truthfulness", "harmlessness")
                  .map(side::concat))
          .toList();
  private static final int HASH_DIGITS = 12;

  private final JudgedRows rows;
  private final JudgementExports exports;
  private final JudgementSnapshot snapshots;
  private final LineageRepository lineage;
  private final ArtifactStore artifacts;
  private final AuditRepository audit;
  private final TransactionTemplate oneMoment;

  JudgementExport(
      JudgedRows rows,
      JudgementExports exports,
      JudgementSnapshot snapshots,
      LineageRepository lineage,
      ArtifactStore artifacts,
      AuditRepository audit,
      PlatformTransactionManager transactions) {
    this.rows = rows;
    this.exports = exports;
    this.snapshots = snapshots;
    this.lineage = lineage;
    this.artifacts = artifacts;
    this.audit = audit;
    this.oneMoment = new TransactionTemplate(transactions);
    oneMoment.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /// How many of each a file holds.
  private record Written(Artifact file, long judged, long skipped, long withdrawn) {}

  /// Exports what is there now.
  ///
  /// @param withdrawn whether judgements that count no more are in it too, marked as such
  /// @param personId who wants it; null for a command on this machine
  /// @throws IllegalArgumentException when the format has no place for them
  public JudgementExportRow make(
      Project project, JudgementFormat format, boolean withdrawn, @Nullable Long personId) {
    if (withdrawn && !format.withWithdrawn()) {
      throw new IllegalArgumentException(
          "withdrawn judgements leave as one of %s, not as '%s': they are not to be learnt"
              .formatted(
                  Stream.of(JudgementFormat.values())
                      .filter(JudgementFormat::withWithdrawn)
                      .map(JudgementFormat::title)
                      .toList(),
                  format.title()));
    }
    return oneMoment.execute(_ -> {
      Written written = write(project.id(), format, withdrawn);
      for (boolean scripted : new boolean[] {false, true}) {
        snapshots
            .takeAll(project.id(), scripted)
            .ifPresent(snapshot ->
                lineage.edge(
                    snapshot.artifactSha256(), written.file().sha256(), format.title(), null));
      }
      JudgementExportRow row =
          exports.add(
              project.id(),
              format.title(),
              written.file().sha256(),
              written.judged(),
              written.skipped(),
              written.withdrawn(),
              personId);
      audit.record(
          personId,
          "judgements.export",
          "project " + project.id(),
          JsonMapper.shared().writeValueAsString(detail(row)));
      return row;
    });
  }

  private static Map<String, Object> detail(JudgementExportRow row) {
    return Map.of(
        "format", row.format(),
        "judgements", row.judged(),
        "skips", row.skipped(),
        "withdrawn", row.withdrawn(),
        "sha256", row.artifactSha256());
  }

  private Written write(long projectId, JudgementFormat format, boolean withWithdrawn) {
    Path work = artifacts.temporary();
    long judged = 0;
    long skipped = 0;
    long withdrawn = 0;
    try {
      Path file = work.resolve("judgements");
      try (Stream<JudgedRow> all = rows.of(projectId, withWithdrawn);
          JudgementWriter writer =
              open(format, new BufferedOutputStream(Files.newOutputStream(file)))) {
        for (JudgedRow row : (Iterable<JudgedRow>) all::iterator) {
          JudgedPair pair = pair(row);
          if (writer.write(pair)) {
            switch (pair.status()) {
              case JUDGED -> judged++;
              case SKIPPED -> skipped++;
              case WITHDRAWN -> withdrawn++;
            }
          }
        }
      }
      return new Written(artifacts.adopt(Artifact.Kind.EXPORT, file), judged, skipped, withdrawn);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      artifacts.discard(work);
    }
  }

  private static JudgementWriter open(JudgementFormat format, OutputStream out) throws IOException {
    return format.isText() ? format.open(out, GRADES) : new JudgementParquet(out);
  }

  /// A row as the formats take it. A judgement is named by its comparison and slot, a skip by its
  /// comparison and person, a withdrawn judgement by its number too, for its slot was given away.
  static JudgedPair pair(JudgedRow row) {
    Withdrawn withdrawn = row.withdrawn();
    return new JudgedPair(
        row.taskKey()
            + "#"
            + (row.ordinal() == null ? row.annotator() : row.ordinal())
            + (withdrawn == null ? "" : "/withdrawn-" + withdrawn.id()),
        row.taskKey(),
        row.promptKey(),
        row.round(),
        status(row),
        row.prompt(),
        row.textA(),
        row.textB(),
        row.keyA(),
        row.keyB(),
        row.strength(),
        row.aLeft(),
        grades(row),
        row.reason(),
        row.annotator(),
        row.activeMs(),
        row.guidelineVersion(),
        row.scripted(),
        row.at().toString(),
        decision(row),
        withdrawn == null
            ? null
            : new JudgedPair.Withdrawal(
                withdrawn.at().toString(), withdrawn.by(), withdrawn.why(), withdrawn.note()),
        row.language());
  }

  private static JudgedPair.Status status(JudgedRow row) {
    if (row.withdrawn() != null) {
      return JudgedPair.Status.WITHDRAWN;
    }
    return row.skipped() ? JudgedPair.Status.SKIPPED : JudgedPair.Status.JUDGED;
  }

  private static JudgedPair.@Nullable Decision decision(JudgedRow row) {
    JudgedRow.@Nullable Decided decided = row.decided();
    return decided == null
        ? null
        : new JudgedPair.Decision(decided.strength(), decided.by(), decided.reason());
  }

  private static SequencedMap<String, Integer> grades(JudgedRow row) {
    var grades = new LinkedHashMap<String, Integer>();
    put(grades, "a_", row.gradesA());
    put(grades, "b_", row.gradesB());
    return grades;
  }

  private static void put(Map<String, Integer> grades, String side, @Nullable Grades given) {
    if (given != null) {
      grades.put(side + "instruction_following", given.instructionFollowing());
      grades.put(side + "concision", given.concision());
      grades.put(side + "truthfulness", given.truthfulness());
      grades.put(side + "harmlessness", given.harmlessness());
    }
  }

  /// A name that tells project, format and content: letters, digits, points and hyphens alone.
  public static String fileName(Project project, JudgementExportRow row, JudgementFormat format) {
    String name =
        project
            .name()
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return "%s-judgements-%s-%s.%s"
        .formatted(
            name.isEmpty() ? "project-" + project.id() : name,
            format.title(),
            row.artifactSha256().substring(0, HASH_DIGITS),
            format.extension());
  }
}
