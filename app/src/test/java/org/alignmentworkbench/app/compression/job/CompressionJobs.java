package org.alignmentworkbench.app.compression.job;

import java.util.List;
import org.alignmentworkbench.app.export.job.ExportJob;
import org.alignmentworkbench.app.export.job.ExportLinks;
import org.alignmentworkbench.rlhf.job.BatchOnPostgres;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.TinyProject;
import org.alignmentworkbench.rlhf.job.WorkerProcess;
import org.alignmentworkbench.rlhf.training.TinyModels;
import org.alignmentworkbench.sft.job.EvaluationJob;

/// What a test's worker knows: from a policy to compressed model, adapters, their evaluation and
/// the exports.
public final class CompressionJobs implements WorkerProcess.Jobs {
  @Override
  public List<RunJob> on(BatchOnPostgres batch, Stores stores, RunProgress progress) {
    ModelShelf shelf = shelf(stores);
    return List.of(
        new CompressionJob(batch.repository(), batch.transactions(), stores, progress, shelf),
        new FeatureAdapterJob(batch.repository(), batch.transactions(), stores, progress, shelf),
        new EvaluationJob(batch.repository(), batch.transactions(), stores, progress, shelf),
        new ExportJob(
            batch.repository(), batch.transactions(), stores, progress, shelf, links(stores)));
  }

  /// Names of exports beside the artefacts.
  static ExportLinks links(Stores stores) {
    return new ExportLinks(stores.artifacts().folder().resolveSibling("exports"));
  }

  /// A shelf that opens compressed models and adapters too.
  static ModelShelf shelf(Stores stores) {
    return new ModelShelf(
        stores,
        TinyModels::engine,
        new CompressedPolicies(stores.models()).readers(),
        TinyProject.registry(stores));
  }
}
