package org.alignmentworkbench.app.compression.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.artifact.Checkpoint;
import org.alignmentworkbench.db.dataset.Dataset;
import org.alignmentworkbench.db.dataset.DatasetRow;
import org.alignmentworkbench.db.dataset.NewDataset;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.model.compression.CollectedInputs;
import org.alignmentworkbench.model.compression.ModelCompression;
import org.alignmentworkbench.model.compression.OutputDivergence;
import org.alignmentworkbench.model.compression.RecoveryAdapter;
import org.alignmentworkbench.model.compression.Sensitivity;
import org.alignmentworkbench.model.export.HuggingFaceExport;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.llama.LoraConfig;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.palette.BitAllocation;
import org.alignmentworkbench.model.palette.BitAllocation.Candidate;
import org.alignmentworkbench.model.palette.PackedSizes;
import org.alignmentworkbench.model.palette.PaletteBits;
import org.alignmentworkbench.model.palette.PaletteSettings;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.runtime.SequenceForward;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.job.ProjectPrompts;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.SettingsJson;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.job.WorkSession;
import org.alignmentworkbench.rlhf.job.WorkStep;
import org.alignmentworkbench.rlhf.training.ResumableWork;
import org.alignmentworkbench.sft.training.SupervisedRow;
import org.alignmentworkbench.synthetic.task.Split;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/// Compresses a policy and trains the adapter that recovers what was lost.
///
/// 1. `sampleAnswers`: the policy answers training prompts in its own distribution; the answers
///    become an immutable dataset.
/// 2. `collectInputs`: the moments of what every projection reads over some of them.
/// 3. `measureSensitivity`: what each projection alone costs the output at 2 and at 4 bits.
/// 4. `palettize`: the best choice of bits within the budget, tables and indices with error
///    feedback; the compressed model is kept with its sizes and its divergence on held-out answers.
/// 5. `trainRecovery`: a low-rank adapter on the frozen compressed model starts from what makes up
///    for most of the error and learns to predict as the uncompressed policy does on its answers
///    (distillation); the one with the lowest held-out divergence is kept.
public final class CompressionJob implements RunJob {
  private static final String INPUTS = "inputs";
  private static final String INPUTS_FILE = "inputs.safetensors";
  private static final String ALLOCATION = "allocation";

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;

  /// The job on these stores.
  public CompressionJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.stores = stores;
    this.progress = progress;
    this.shelf = shelf;
  }

  @Override
  public String name() {
    return "compression";
  }

  @Override
  public CompressionSettings defaults() {
    return CompressionSettings.DEFAULT;
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs)
        .start(sampleAnswers())
        .next(collectInputs())
        .next(measureSensitivity())
        .next(palettize())
        .next(trainRecovery())
        .build();
  }

  private Step sampleAnswers() {
    return new StepBuilder("sampleAnswers", jobs)
        .tasklet(
            new WorkStep("answers", this::openSampling, stores, progress, "answers", run -> true),
            transactions)
        .build();
  }

  private WorkSession openSampling(JobRun run) throws IOException {
    CompressionSettings settings = settings(run);
    List<ProjectPrompts.Entry> prompts =
        ProjectPrompts.of(run, Split.TRAIN, settings.firstPrompt(), settings.prompts());
    OpenPolicy policy = shelf.policy(run.projectId(), settings.model());
    var sampling = new AnswerSampling(policy, prompts, settings, run.seed());
    return new Session(
        sampling,
        () -> keepAnswers(run, settings, policy.row(), sampling.answers(), prompts),
        policy::close);
  }

  private void keepAnswers(
      JobRun run,
      CompressionSettings settings,
      Model policy,
      Answers answers,
      List<ProjectPrompts.Entry> prompts)
      throws IOException {
    Path work = stores.artifacts().temporary();
    Path file = work.resolve("answers.jsonl");
    answers.write(file);
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.DATASET, file);
    stores.artifacts().discard(work);
    var rows = new ArrayList<DatasetRow>();
    for (ProjectPrompts.Entry prompt : prompts) {
      rows.add(new DatasetRow(prompt.row().id(), null, null, null));
    }
    stores
        .datasets()
        .create(
            new NewDataset(
                run.projectId(),
                dataset(settings),
                Dataset.Kind.DEMONSTRATIONS,
                kept.sha256(),
                run.run().id()),
            rows);
    stores.lineage().edge(policy.artifactSha256(), kept.sha256(), "sampled", run.run().id());
    run.log("'" + settings.model() + "' answered " + rows.size() + " prompts.");
  }

  private Step collectInputs() {
    return new StepBuilder("collectInputs", jobs)
        .tasklet(
            (contribution, chunk) -> {
              JobRun run = run(chunk);
              CompressionSettings settings = settings(run);
              ModelFolder policy = folder(run, settings);
              run.report("collectInputs", 0, null, "texts");
              CollectedInputs inputs =
                  CollectedInputs.collect(
                      SequenceForward.of(policy.config(), policy.weights()),
                      answers(run, settings, false).texts(settings.calibrationTexts()));
              Path work = stores.artifacts().temporary();
              inputs.save(work.resolve(INPUTS_FILE));
              keep(run, INPUTS, work);
              return RepeatStatus.FINISHED;
            },
            transactions)
        .build();
  }

  private Step measureSensitivity() {
    return new StepBuilder("measureSensitivity", jobs)
        .tasklet(
            new WorkStep(
                "sensitivity", this::openSensitivity, stores, progress, "projections", run -> true),
            transactions)
        .build();
  }

  private WorkSession openSensitivity(JobRun run) throws IOException {
    CompressionSettings settings = settings(run);
    ModelFolder policy = folder(run, settings);
    var divergence =
        new OutputDivergence(
            SequenceForward.of(policy.config(), policy.weights()),
            answers(run, settings, false).texts(settings.sensitivityTexts()));
    var measurement =
        new SensitivityMeasurement(
            policy.config(),
            policy.weights(),
            new Sensitivity(
                policy.config(), inputs(run, policy), divergence, PaletteSettings.DEFAULT));
    return new Session(
        measurement,
        () -> {
          Path work = stores.artifacts().temporary();
          measurement.save(work);
          keep(run, ALLOCATION, work);
        },
        () -> {});
  }

  private Step palettize() {
    return new StepBuilder("palettize", jobs)
        .tasklet(
            (contribution, chunk) -> {
              JobRun run = run(chunk);
              CompressionSettings settings = settings(run);
              run.report("palettize", 0, null, "projections");
              palettize(run, settings);
              return RepeatStatus.FINISHED;
            },
            transactions)
        .build();
  }

  private void palettize(JobRun run, CompressionSettings settings) throws IOException {
    ModelFolder policy = folder(run, settings);
    List<Candidate> candidates = SensitivityMeasurement.read(checkpoint(run, ALLOCATION));
    SequencedMap<String, PaletteBits> widths =
        BitAllocation.allocate(candidates, settings.bitsPerWeight());
    PalettizedModel packed =
        ModelCompression.palettize(
            policy.config(),
            policy.weights(),
            inputs(run, policy),
            widths,
            PaletteSettings.DEFAULT);
    OutputDivergence heldOut = heldOut(run, settings, policy);
    double divergence = heldOut.of(SequenceForward.of(policy.config(), packed.dense()));
    PackedSizes sizes = packed.sizes();
    var projections = new ArrayList<CompressionDetail.Projection>();
    for (Candidate c : candidates) {
      PaletteBits width = widths.get(c.name());
      projections.add(
          new CompressionDetail.Projection(
              c.name(), width == null ? 0 : width.bits(), c.lossAtTwo(), c.lossAtFour()));
    }
    Path work = stores.artifacts().temporary();
    HuggingFaceExport.writeCompressed(work, policy, packed, Dtype.F32);
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.MODEL, work);
    Model source = shelf.row(run.projectId(), settings.model());
    stores
        .models()
        .register(
            new NewModel(
                run.projectId(),
                settings.result(),
                Model.Kind.COMPRESSED,
                kept.sha256(),
                source.id(),
                run.run().id(),
                SettingsJson.write(
                    new CompressionDetail(
                        sizes.bitsPerWeight(),
                        sizes.bitsPerParameter(),
                        sizes.bytes(),
                        divergence,
                        heldOut.countedTokens(),
                        projections))));
    edge(run, source.artifactSha256(), kept.sha256(), "base");
    edge(run, answersSha256(run, settings), kept.sha256(), "calibration");
    run.log(
        "Kept '%s' as %s: %.4f bits a weight, %.4f bits a parameter, %.4f nats a token from '%s'."
            .formatted(
                settings.result(),
                kept.sha256(),
                sizes.bitsPerWeight(),
                sizes.bitsPerParameter(),
                divergence,
                settings.model()));
  }

  private Step trainRecovery() {
    return new StepBuilder("trainRecovery", jobs)
        .tasklet(new WorkStep("recovery", this::openRecovery, stores, progress), transactions)
        .build();
  }

  private WorkSession openRecovery(JobRun run) throws IOException {
    CompressionSettings settings = settings(run);
    ModelFolder dense = folder(run, settings);
    OpenPolicy compressed = shelf.policy(run.projectId(), settings.result());
    PalettizedModel packed =
        PalettizedModel.load(
            stores
                .artifacts()
                .open(compressed.row().artifactSha256())
                .resolve(PalettizedModel.FILE_NAME));
    LoraAdapter start =
        RecoveryAdapter.start(
            dense.weights(),
            packed,
            inputs(run, dense),
            LoraConfig.everywhere(settings.rank(), settings.alpha()));
    LlamaModel student = compressed.model().withAdapter(start);
    double temperature = settings.temperature();
    int microRows = settings.recovery().microRows();
    List<SupervisedRow> rows = answers(run, settings, false).supervised();
    List<SupervisedRow> heldOut = answers(run, settings, true).supervised();
    RecoveryTraining training;
    // The teacher is asked once; only its log-probabilities are needed from then on.
    try (OpenPolicy teacher = shelf.policy(run.projectId(), settings.model())) {
      training =
          new RecoveryTraining(
              student,
              RecoveryTraining.taught(teacher.model(), rows, temperature, microRows),
              RecoveryTraining.taught(teacher.model(), heldOut, temperature, microRows),
              temperature,
              settings.recovery(),
              run.seed());
    }
    return new Session(
        training,
        () ->
            keepAdapter(
                run,
                settings,
                dense,
                packed,
                compressed.row(),
                new LoraAdapter(start.config(), training.result())),
        () -> {
          training.close();
          student.close();
          compressed.close();
        });
  }

  private void keepAdapter(
      JobRun run,
      CompressionSettings settings,
      ModelFolder dense,
      PalettizedModel packed,
      Model compressed,
      LoraAdapter trained)
      throws IOException {
    Path work = stores.artifacts().temporary();
    PeftFolder.save(work, trained, settings.result(), Dtype.F16);
    // Measured as it will be read again, rounded to 16 bits.
    LoraAdapter rounded = PeftFolder.load(work, packed.config());
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.ADAPTER, work);
    OutputDivergence heldOut = heldOut(run, settings, dense);
    double divergence =
        heldOut.of(
            SequenceForward.of(
                packed.config(), RecoveryAdapter.merged(packed.config(), packed.dense(), rounded)));
    long values = 0;
    for (Tensor tensor : rounded.weights().values()) {
      values += tensor.size();
    }
    PackedSizes sizes = packed.sizes().withAdapter(values);
    stores
        .models()
        .register(
            new NewModel(
                run.projectId(),
                settings.recovered(),
                Model.Kind.ADAPTER,
                kept.sha256(),
                compressed.id(),
                run.run().id(),
                SettingsJson.write(
                    new CompressionDetail(
                        sizes.bitsPerWeight(),
                        sizes.bitsPerParameter(),
                        sizes.bytes(),
                        divergence,
                        heldOut.countedTokens(),
                        List.of()))));
    edge(run, compressed.artifactSha256(), kept.sha256(), "base");
    edge(
        run,
        shelf.row(run.projectId(), settings.model()).artifactSha256(),
        kept.sha256(),
        "uncompressed");
    edge(run, answersSha256(run, settings), kept.sha256(), "answers");
    run.log(
        "Kept '%s' as %s: %.4f nats a token from '%s' with it."
            .formatted(settings.recovered(), kept.sha256(), divergence, settings.model()));
  }

  /// Work with what is to be done when it is complete and when the step ends.
  private record Session(ResumableWork work, Completion completion, Runnable closing)
      implements WorkSession {
    @FunctionalInterface
    interface Completion {
      void run() throws IOException;
    }

    @Override
    public void finish() throws IOException {
      completion.run();
    }

    @Override
    public void close() {
      closing.run();
    }
  }

  private JobRun run(ChunkContext chunk) {
    return JobRun.of(chunk, stores, progress);
  }

  private static CompressionSettings settings(JobRun run) {
    return run.settings(CompressionSettings.DEFAULT);
  }

  private static String dataset(CompressionSettings settings) {
    return settings.result() + "/answers";
  }

  private ModelFolder folder(JobRun run, CompressionSettings settings) throws IOException {
    Model row = shelf.row(run.projectId(), settings.model());
    if (row.kind() != Model.Kind.POLICY) {
      throw new IllegalStateException(
          "only a policy can be compressed, '" + row.name() + "' is a " + row.kind());
    }
    return ModelFolder.read(stores.artifacts().open(row.artifactSha256()));
  }

  private String answersSha256(JobRun run, CompressionSettings settings) {
    return stores
        .datasets()
        .findByName(run.projectId(), dataset(settings))
        .orElseThrow()
        .artifactSha256();
  }

  private Answers answers(JobRun run, CompressionSettings settings, boolean heldOut)
      throws IOException {
    Answers all = Answers.read(stores.artifacts().open(answersSha256(run, settings)));
    Answers part = all.heldOut(heldOut, settings.heldOutShare(), run.seed());
    if (part.rows().isEmpty()) {
      throw new IllegalStateException(
          "of %d answers none is %s with heldOutShare %s; take more prompts"
              .formatted(
                  all.rows().size(), heldOut ? "held out" : "left", settings.heldOutShare()));
    }
    return part;
  }

  private OutputDivergence heldOut(JobRun run, CompressionSettings settings, ModelFolder dense)
      throws IOException {
    return new OutputDivergence(
        SequenceForward.of(dense.config(), dense.weights()),
        answers(run, settings, true).texts(Integer.MAX_VALUE));
  }

  private CollectedInputs inputs(JobRun run, ModelFolder policy) throws IOException {
    return CollectedInputs.load(checkpoint(run, INPUTS).resolve(INPUTS_FILE), policy.config());
  }

  /// Keeps a folder of this run that later steps read.
  private void keep(JobRun run, String stage, Path folder) {
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.CHECKPOINT, folder);
    stores.checkpoints().record(run.run().id(), stage, 0, kept.sha256(), null);
  }

  private Path checkpoint(JobRun run, String stage) {
    Checkpoint kept = stores.checkpoints().latest(run.run().id(), stage).orElseThrow();
    return stores.artifacts().open(kept.sha256());
  }

  private void edge(JobRun run, String parent, String child, String role) {
    stores.lineage().edge(parent, child, role, run.run().id());
  }
}
