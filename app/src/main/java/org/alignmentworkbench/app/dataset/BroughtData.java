package org.alignmentworkbench.app.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.db.audit.AuditRepository;
import org.alignmentworkbench.db.dataset.BroughtFile;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRepository;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.sft.job.Conversations;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Files of conversations that become a project's datasets, and what is known of them afterwards.
@Component
public class BroughtData {
  private final Stores stores;
  private final DatasetRepository datasets;
  private final AuditRepository audit;
  private final TransactionTemplate transaction;

  BroughtData(Stores stores, AuditRepository audit, TransactionTemplate transaction) {
    this.stores = stores;
    this.datasets = stores.datasets();
    this.audit = audit;
    this.transaction = transaction;
  }

  /// Takes a file, all or nothing but the rows that cannot be used.
  ///
  /// @param personId who brings it
  /// @throws IllegalArgumentException when the file cannot be used, with the line and the rule
  public Conversations.Taken take(Project project, InputStream file, String name, long personId)
      throws IOException {
    try {
      return transaction.execute(_ -> {
        try {
          Conversations.Taken taken = Conversations.take(stores, project.id(), file, name);
          audit.record(
              personId,
              "dataset.bring",
              "dataset " + taken.dataset().id(),
              JsonMapper.shared()
                  .writeValueAsString(
                      Map.of(
                          "name", taken.dataset().name(),
                          "sha256", taken.sha256(),
                          "refused", taken.refused())));
          return taken;
        } catch (IOException e) {
          throw new UnreadableException(e);
        }
      });
    } catch (UnreadableException e) {
      throw e.cause;
    }
  }

  /// Carries what broke the reading out of the transaction, which is undone by it.
  private static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final IOException cause;

    private UnreadableException(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  /// The files that a dataset was read from; none for one that a run made.
  public List<BroughtFile> filesOf(Dataset dataset) {
    return datasets.brought(dataset.id());
  }

  /// The dataset that a run's setting `data` names, or null.
  public @Nullable Dataset datasetOf(Run run) {
    String name = JsonMapper.shared().readTree(run.configuration()).path("data").asString("");
    return name.isBlank() ? null : datasets.findByName(run.projectId(), name).orElse(null);
  }

  /// The table of what was left out of one file of a dataset, by the file's hash; null where
  /// nothing was left out or either is unknown to the project.
  public @Nullable String refusals(long projectId, long datasetId, String fileSha256) {
    return datasets
        .find(datasetId)
        .filter(dataset -> dataset.projectId() == projectId)
        .flatMap(dataset ->
            datasets.brought(dataset.id()).stream()
                .filter(file -> file.artifactSha256().equals(fileSha256))
                .findFirst())
        .map(BroughtFile::refusalsSha256)
        .orElse(null);
  }
}
