package org.alignmentworkbench.endurance;

import java.time.Clock;
import java.util.List;
import org.alignmentworkbench.db.dataset.JudgementSnapshot;
import org.alignmentworkbench.rlhf.job.BatchOnPostgres;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.TinyProject;
import org.alignmentworkbench.rlhf.job.WorkerProcess;
import org.alignmentworkbench.sft.job.ItecRoundJob;
import org.alignmentworkbench.sft.job.SupervisedFineTuningJob;

/// What a worker must know for a round of the committee.
public final class CommitteeJobs implements WorkerProcess.Jobs {
  @Override
  public List<RunJob> on(BatchOnPostgres batch, Stores stores, RunProgress progress) {
    var shelf = TinyProject.shelf(stores);
    var jobs = batch.repository();
    var transactions = batch.transactions();
    return List.of(
        new SupervisedFineTuningJob(jobs, transactions, stores, progress, shelf),
        new ItecRoundJob(
            jobs,
            transactions,
            stores,
            progress,
            shelf,
            new JudgementSnapshot(batch.jdbc(), stores.artifacts()),
            Clock.systemUTC()));
  }
}
