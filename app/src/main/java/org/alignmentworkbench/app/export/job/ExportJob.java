package org.alignmentworkbench.app.export.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alignmentworkbench.app.compression.job.CompressedPolicies;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.model.export.GgufExport;
import org.alignmentworkbench.model.export.HuggingFaceExport;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.palette.PalettizedModel;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.RunJob;
import org.alignmentworkbench.rlhf.job.RunProgress;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.transaction.PlatformTransactionManager;

/// Writes a model for other programs.
///
/// One step, `export`: each format in turn becomes an artefact and a child of the model (of the
/// base, where an adapter is exported and the format holds the base), and is committed by itself.
///
/// | model | formats it can be written as |
/// |---|---|
/// | policy, compressed model | `hf`, `gguf` |
/// | adapter | `peft`, `gguf-adapter`, and `hf` and `gguf` of the model under it |
public final class ExportJob implements RunJob {
  private static final String NEXT = "next";

  /// What a run may set.
  public record Settings(
      @Setting(value = "the model to write", names = Names.MODEL) String model,
      @Setting(
              value = "what to write it as",
              oneOf = {"hf", "peft", "gguf", "gguf-adapter"})
          List<String> formats) {
    /// The recovered model in every format.
    public static final Settings DEFAULT =
        new Settings("recovered", List.of("hf", "peft", "gguf", "gguf-adapter"));

    /// Checks the labels.
    public Settings {
      formats = List.copyOf(formats);
      SettingRule.require(!formats.isEmpty(), "formats", "at least one format", formats);
      formats.forEach(ExportFormat::labelled);
    }
  }

  private final JobRepository jobs;
  private final PlatformTransactionManager transactions;
  private final Stores stores;
  private final RunProgress progress;
  private final ModelShelf shelf;
  private final ExportLinks links;

  /// The job on these stores.
  public ExportJob(
      JobRepository jobs,
      PlatformTransactionManager transactions,
      Stores stores,
      RunProgress progress,
      ModelShelf shelf,
      ExportLinks links) {
    this.jobs = jobs;
    this.transactions = transactions;
    this.stores = stores;
    this.progress = progress;
    this.shelf = shelf;
    this.links = links;
  }

  @Override
  public String name() {
    return "export";
  }

  @Override
  public Settings defaults() {
    return Settings.DEFAULT;
  }

  @Override
  public Job job() {
    return new JobBuilder(name(), jobs).start(export()).build();
  }

  private Step export() {
    return new StepBuilder("export", jobs)
        .tasklet(
            (contribution, chunk) -> {
              JobRun run = JobRun.of(chunk, stores, progress);
              List<String> formats = run.settings(Settings.DEFAULT).formats();
              int next = run.context().getInt(NEXT, 0);
              write(run, ExportFormat.labelled(formats.get(next)));
              run.context().putInt(NEXT, next + 1);
              run.report("export", next + 1L, (long) formats.size(), "formats");
              return RepeatStatus.continueIf(next + 1 < formats.size());
            },
            transactions)
        .build();
  }

  private void write(JobRun run, ExportFormat format) throws IOException {
    Model model = shelf.row(run.projectId(), run.settings(Settings.DEFAULT).model());
    Model base =
        model.kind() == Model.Kind.ADAPTER
            ? CompressedPolicies.baseOf(stores.models(), model)
            : model;
    Path work = stores.artifacts().temporary();
    Path made = work.resolve("made");
    Model parent =
        switch (format) {
          case HF -> {
            huggingFace(base, made);
            yield base;
          }
          case GGUF -> {
            gguf(base, made);
            yield base;
          }
          case PEFT -> {
            PeftFolder.save(made, adapter(model, base), base.name(), Dtype.F16);
            Files.writeString(made.resolve("README.md"), adapterPage(model, base));
            yield model;
          }
          case GGUF_ADAPTER -> {
            LoraAdapter adapter = adapter(model, base);
            GgufExport.writeAdapter(made, model.name(), folder(base).config(), adapter);
            yield model;
          }
        };
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.EXPORT, made);
    stores.artifacts().discard(work);
    stores.lineage().edge(parent.artifactSha256(), kept.sha256(), format.label(), run.run().id());
    links.point(run.project(), parent, format, stores.artifacts(), kept.sha256());
    run.log(
        "Wrote '%s' as %s: %d bytes, %s."
            .formatted(parent.name(), format.label(), kept.bytes(), kept.sha256()));
  }

  private void huggingFace(Model model, Path made) throws IOException {
    ModelFolder folder = folder(model);
    Path packed = content(model).resolve(PalettizedModel.FILE_NAME);
    if (model.kind() == Model.Kind.COMPRESSED) {
      HuggingFaceExport.writeCompressed(made, folder, PalettizedModel.load(packed), Dtype.F16);
    } else {
      HuggingFaceExport.write(made, folder);
    }
  }

  private void gguf(Model model, Path made) throws IOException {
    ModelFolder folder = folder(model);
    GgufExport.writeModel(
        made,
        model.name(),
        folder.config(),
        folder.weights(),
        folder.tokenizer(),
        folder.tokenizerConfig());
  }

  private LoraAdapter adapter(Model model, Model base) throws IOException {
    if (model.kind() != Model.Kind.ADAPTER) {
      throw new IllegalStateException(
          "'" + model.name() + "' is a " + model.kind() + "; only an adapter has this format");
    }
    return PeftFolder.load(content(model), folder(base).config());
  }

  private static String adapterPage(Model model, Model base) {
    return """
    # %s

    A low-rank adapter in 16 bits for the model `%s`, and for no other one: it was trained on that
    model's weights as they are, content hash `%s`.
    """
        .formatted(model.name(), base.name(), base.artifactSha256());
  }

  private ModelFolder folder(Model model) throws IOException {
    if (model.kind() != Model.Kind.POLICY && model.kind() != Model.Kind.COMPRESSED) {
      throw new IllegalStateException(
          "'" + model.name() + "' is a " + model.kind() + ", which cannot be exported");
    }
    return ModelFolder.read(content(model));
  }

  private Path content(Model model) {
    return stores.artifacts().open(model.artifactSha256());
  }
}
