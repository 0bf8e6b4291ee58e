package org.alignmentworkbench.rlhf.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.tensor.Tensor;

/// Takes registered models from the store onto the engine, and puts new ones back with their
/// lineage.
public final class ModelShelf {
  /// The files that make a folder of weights readable as text.
  private static final List<String> TEXT_FILES = List.of("tokenizer.json", "tokenizer_config.json");

  private final Stores stores;
  private final Supplier<Engine> engine;
  private final Map<Model.Kind, PolicyReader> readers;
  private final ModelRegistry registry;

  /// Opens what is no plain policy but can speak like one: a compressed model, an adapter on its
  /// base.
  @FunctionalInterface
  public interface PolicyReader {
    /// The model on the engine, with its tokenizer and template.
    OpenPolicy open(ModelShelf shelf, Engine engine, Model row, Path artifact) throws IOException;
  }

  /// A shelf over a store; the engine is asked for with the first model, not before. `readers` open
  /// the kinds of models that other modules know; `registry` has the models that any project may
  /// take.
  public ModelShelf(
      Stores stores,
      Supplier<Engine> engine,
      Map<Model.Kind, PolicyReader> readers,
      ModelRegistry registry) {
    this.stores = stores;
    this.engine = engine;
    this.readers = Map.copyOf(readers);
    this.registry = registry;
  }

  /// The row of a project's model. A name that the project does not have, but the registry does, is
  /// taken into the project: a copy in the artefact store, and a row of its own, which stay as they
  /// are whatever becomes of the registered model.
  public Model row(long projectId, String name) {
    return stores
        .models()
        .findByName(projectId, name)
        .or(() -> registry.find(name).map(folder -> take(projectId, name, folder)))
        .orElseThrow(() ->
            new IllegalStateException(
                "the project has no model '"
                    + name
                    + "'; it has "
                    + stores.models().ofProject(projectId).stream().map(Model::name).toList()
                    + ", and registered are "
                    + registered()));
  }

  private Model take(long projectId, String name, Path folder) {
    Artifact kept = stores.artifacts().put(Artifact.Kind.MODEL, folder);
    return stores
        .models()
        .register(
            new NewModel(
                projectId,
                name,
                Model.Kind.POLICY,
                kept.sha256(),
                null,
                null,
                "{\"from\": \"registry\"}"));
  }

  private List<String> registered() {
    try {
      return registry.names();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A policy, ready to sample and to train.
  public OpenPolicy policy(long projectId, String name) throws IOException {
    Model row = row(projectId, name);
    Path artifact = stores.artifacts().open(row.artifactSha256());
    PolicyReader reader = readers.get(row.kind());
    if (reader != null) {
      return reader.open(this, engine.get(), row, artifact);
    }
    if (row.kind() != Model.Kind.POLICY) {
      throw new IllegalStateException("model '" + name + "' is no policy but a " + row.kind());
    }
    return OpenPolicy.read(row, artifact, engine.get());
  }

  /// A reward model.
  public RewardModel rewardModel(long projectId, String name) throws IOException {
    Model row = row(projectId, name);
    if (row.kind() != Model.Kind.REWARD_MODEL) {
      throw new IllegalStateException(
          "model '" + name + "' is no reward model but a " + row.kind());
    }
    return RewardModel.load(engine.get(), stores.artifacts().open(row.artifactSha256()));
  }

  /// A new reward model on a policy's body, its heads drawn from the seed.
  public RewardModel freshRewardModel(OpenPolicy backbone, long seed) {
    return RewardModel.fromBackbone(
        engine.get(),
        backbone.description().config(),
        backbone.model().weights(),
        CounterStream.of(seed, "reward-heads", 0, 0));
  }

  /// A reward model of these weights.
  public RewardModel rewardModel(OpenPolicy backbone, Map<String, Tensor> weights) {
    return RewardModel.of(engine.get(), backbone.description().config(), weights);
  }

  /// Keeps a policy that a run made of `base`.
  public Model keepPolicy(
      JobRun run,
      String name,
      OpenPolicy base,
      SequencedMap<String, Tensor> weights,
      List<Parent> parents,
      String detail)
      throws IOException {
    Path folder = stores.artifacts().temporary();
    base.description().withWeights(weights).write(folder, Dtype.F32);
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.MODEL, folder);
    return register(run, name, Model.Kind.POLICY, kept, base.row(), parents, detail);
  }

  /// Keeps an adapter that a run trained on `start`: on a model, or an adapter on one.
  public Model keepAdapter(
      JobRun run,
      String name,
      OpenPolicy start,
      LoraAdapter adapter,
      List<Parent> parents,
      String detail)
      throws IOException {
    Long under = start.row().baseModelId();
    Model base =
        start.row().kind() == Model.Kind.ADAPTER && under != null
            ? stores.models().find(under).orElseThrow()
            : start.row();
    Path folder = stores.artifacts().temporary();
    PeftFolder.save(folder, adapter, base.name(), Dtype.F32);
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.ADAPTER, folder);
    return register(run, name, Model.Kind.ADAPTER, kept, base, parents, detail);
  }

  /// Keeps a reward model that a run made on the body of `base`.
  public Model keepRewardModel(
      JobRun run,
      String name,
      OpenPolicy base,
      RewardModel model,
      List<Parent> parents,
      String detail)
      throws IOException {
    Path folder = stores.artifacts().temporary();
    model.save(folder);
    Path from = stores.artifacts().open(base.row().artifactSha256());
    for (String file : TEXT_FILES) {
      Files.copy(from.resolve(file), folder.resolve(file));
    }
    Artifact kept = stores.artifacts().adopt(Artifact.Kind.REWARD_MODEL, folder);
    return register(run, name, Model.Kind.REWARD_MODEL, kept, base.row(), parents, detail);
  }

  private Model register(
      JobRun run,
      String name,
      Model.Kind kind,
      Artifact kept,
      Model base,
      List<Parent> parents,
      String detail) {
    Model model =
        stores
            .models()
            .register(
                new NewModel(
                    run.projectId(), name, kind, kept.sha256(), base.id(), run.run().id(), detail));
    edge(run, new Parent("base", base.artifactSha256()), kept.sha256());
    parents.forEach(parent -> edge(run, parent, kept.sha256()));
    String kindInWords = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    run.log("Kept " + kindInWords + " '" + name + "' as " + kept.sha256() + ".");
    return model;
  }

  private void edge(JobRun run, Parent parent, String child) {
    // A training that changed nothing gives its base again; an artefact is not its own parent.
    if (!parent.sha256().equals(child)) {
      stores.lineage().edge(parent.sha256(), child, parent.role(), run.run().id());
    }
  }
}
