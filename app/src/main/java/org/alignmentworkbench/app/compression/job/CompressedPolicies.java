package org.alignmentworkbench.app.compression.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.ModelRepository;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.llama.LoraAdapter;
import org.alignmentworkbench.model.lora.PeftFolder;
import org.alignmentworkbench.rlhf.job.ModelShelf;
import org.alignmentworkbench.rlhf.job.OpenPolicy;

/// Opens compressed models and adapters as policies, so that whatever samples, scores or evaluates
/// a policy takes them too.
///
/// A compressed model runs on the engine as its dense reconstruction, which its folder holds in
/// float32, value for value. An adapter sits on the model it was registered with, kept apart from
/// it.
public final class CompressedPolicies {
  private final ModelRepository models;

  /// A reader that finds the models under adapters here.
  public CompressedPolicies(ModelRepository models) {
    this.models = models;
  }

  /// The readers, for [ModelShelf].
  public Map<Model.Kind, ModelShelf.PolicyReader> readers() {
    return Map.of(
        Model.Kind.COMPRESSED, CompressedPolicies::compressed, Model.Kind.ADAPTER, this::adapter);
  }

  private static OpenPolicy compressed(ModelShelf shelf, Engine engine, Model row, Path artifact)
      throws IOException {
    return OpenPolicy.read(row, artifact, engine);
  }

  private OpenPolicy adapter(ModelShelf shelf, Engine engine, Model row, Path artifact)
      throws IOException {
    try (OpenPolicy base = shelf.policy(row.projectId(), baseOf(models, row).name())) {
      LoraAdapter adapter = PeftFolder.load(artifact, base.description().config());
      // The base's arrays live until the last model on them is closed.
      return OpenPolicy.of(row, base.description(), base.model().withAdapter(adapter));
    }
  }

  /// The model that an adapter sits on.
  public static Model baseOf(ModelRepository models, Model adapter) {
    Long base = adapter.baseModelId();
    if (base == null) {
      throw new IllegalStateException("adapter '" + adapter.name() + "' names no base model");
    }
    return models.find(base).orElseThrow();
  }
}
