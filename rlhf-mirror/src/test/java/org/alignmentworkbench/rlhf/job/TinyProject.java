package org.alignmentworkbench.rlhf.job;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.db.artifact.Artifact;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.model.NewModel;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.folder.GenerationConfig;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.tokenizer.BpeTrainer;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.alignmentworkbench.rlhf.training.TinyModels;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A project with a tiny random policy that reads and writes text, for tests of jobs.
public record TinyProject(Project project, Stores stores, ModelShelf shelf) {
  /// The template of the tiny policy, which ends every turn with a control token.
  public static final String CHATML =
      "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content']"
          + " + '<|im_end|>' + '\\n' }}{% endfor %}"
          + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

  private static final ModelFolder POLICY = policy(CHATML);

  /// Projects of one seed differ in their names alone.
  public static TinyProject create(JdbcClient jdbc, Path artifacts, String name) {
    Stores stores = Stores.of(jdbc, artifacts);
    Project project = stores.projects().create(name, 7, "{}");
    var made = new TinyProject(project, stores, shelf(stores));
    made.register("base", Model.Kind.POLICY, Artifact.Kind.MODEL, "{}", made::writePolicy);
    return made;
  }

  /// A shelf that also takes registered models, from beside the artefacts.
  public static ModelShelf shelf(Stores stores) {
    return new ModelShelf(stores, TinyModels::engine, java.util.Map.of(), registry(stores));
  }

  /// Where registered models lie in tests.
  public static ModelRegistry registry(Stores stores) {
    return new ModelRegistry(stores.artifacts().folder().resolveSibling("models"));
  }

  /// Registers a random reward model on the policy's body.
  public void addRewardModel(String name) {
    register(
        name,
        Model.Kind.REWARD_MODEL,
        Artifact.Kind.REWARD_MODEL,
        "{}",
        folder -> {
          try (RewardModel model =
              RewardModel.fromBackbone(
                  TinyModels.engine(),
                  POLICY.config(),
                  POLICY.weights(),
                  CounterStream.of(5, "heads", 0, 0))) {
            model.save(folder);
          }
        });
  }

  private void writePolicy(Path folder) throws IOException {
    POLICY.write(folder, Dtype.F32);
  }

  private interface Writer {
    void write(Path folder) throws IOException;
  }

  private void register(
      String name, Model.Kind kind, Artifact.Kind artifact, String detail, Writer writer) {
    try {
      Path folder = stores.artifacts().temporary();
      writer.write(folder);
      String sha256 = stores.artifacts().adopt(artifact, folder).sha256();
      stores.models().register(new NewModel(project.id(), name, kind, sha256, null, null, detail));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The tiny policy with a chat template.
  public static ModelFolder policy(String template) {
    var texts = new ArrayList<String>();
    for (GeneratedTask task : new TaskGenerator(7).tasks(Split.TRAIN, null, 0, 200)) {
      texts.add(task.prompt());
    }
    Tokenizer tokenizer =
        BpeTrainer.train(
            texts, 400, List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|pad|>"));
    var ids = new LlamaConfig.SpecialIds(1, List.of(2), 3);
    var config = new LlamaConfig(400, 48, 96, 2, 2, 1, 24, 512, 10000, 1e-5, true, ids);
    return new ModelFolder(
        config,
        TinyModels.weights(config, 11),
        tokenizer,
        new TokenizerConfig(
            "<|im_start|>", "<|im_end|>", "<|pad|>", "<|endoftext|>", 512, template),
        new GenerationConfig(ids));
  }
}
