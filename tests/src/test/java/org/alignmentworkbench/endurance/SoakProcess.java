package org.alignmentworkbench.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.reward.RewardModel;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.rlhf.training.MirrorDescentRlhf;
import org.alignmentworkbench.rlhf.training.MirrorDescentSettings;
import org.alignmentworkbench.rlhf.training.OptimizerSettings;
import org.alignmentworkbench.rlhf.training.PromptRow;
import org.alignmentworkbench.rlhf.training.RewardModelScorer;
import org.alignmentworkbench.rlhf.training.TinyModels;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;

/// A training by mirror descent of the shipped base model in a JVM of its own, which says after
/// every unit how much memory it holds: arguments are the base model's folder, a folder for its
/// saved states, the iterations, and `leaking` for a run that forgets to close a model now and
/// then.
///
/// It does what a worker's step does, but for the database: sample, score, step, save the state,
/// drop the one before.
final class SoakProcess {
  private static final int PROMPTS = 64;
  private static final int LEAK_EVERY = 4;

  private SoakProcess() {}

  /// 64 responses and four optimiser steps an iteration.
  static MirrorDescentSettings settings(int iterations) {
    return new MirrorDescentSettings(
        iterations,
        16,
        4,
        48,
        1,
        0.05,
        0.1,
        5,
        2,
        2,
        32,
        16,
        false,
        new OptimizerSettings(1e-4, 4, 0.3, 0, 1));
  }

  public static void main(String[] args) throws IOException {
    ModelFolder folder = ModelFolder.read(Path.of(args[0]));
    Path states = Path.of(args[1]);
    MirrorDescentSettings settings = settings(Integer.parseInt(args[2]));
    boolean leaking = args[3].equals("leaking");
    var forgotten = new ArrayList<LlamaModel>();
    try (LlamaModel policy = load(folder);
        LlamaModel reference = load(folder);
        RewardModel reward =
            RewardModel.fromBackbone(
                TinyModels.engine(),
                folder.config(),
                folder.weights(),
                CounterStream.of(5, "heads", 0, 0));
        var training =
            new MirrorDescentRlhf(
                policy,
                reference,
                new RewardModelScorer(reward, settings.microRows()),
                prompts(folder),
                java.util.Set.copyOf(folder.stopIds()),
                settings,
                3)) {
      long unit = 0;
      Path last = null;
      while (training.advance()) {
        training.takeMetrics();
        Path state = states.resolve("state-" + unit);
        training.save(state);
        if (last != null) {
          delete(last);
        }
        last = state;
        if (leaking && unit % LEAK_EVERY == 0) {
          forgotten.add(load(folder));
        }
        unit++;
        tell(unit);
      }
      System.out.println(
          "done %d units, %d steps, %d responses, %d forgotten"
              .formatted(
                  unit,
                  training.progress().step(),
                  (long) settings.iterations() * settings.samples(),
                  forgotten.size()));
    }
  }

  private static LlamaModel load(ModelFolder folder) {
    return LlamaModel.load(TinyModels.engine(), folder.config(), folder.weights());
  }

  private static List<PromptRow> prompts(ModelFolder folder) {
    ChatTemplate template = folder.chatTemplate();
    var prompts = new ArrayList<PromptRow>();
    for (GeneratedTask task : new TaskGenerator(7).tasks(Split.TRAIN, null, 0, PROMPTS)) {
      prompts.add(
          new PromptRow(
              task.key(),
              template.render(List.of(new ChatMessage("user", task.prompt())), true).ids()));
    }
    return prompts;
  }

  private static void tell(long unit) throws IOException {
    System.gc();
    Runtime java = Runtime.getRuntime();
    System.out.println(
        "sample %d %d %d %d"
            .formatted(
                unit,
                proportionalKiB(),
                (java.totalMemory() - java.freeMemory()) / 1024,
                TinyModels.engine().residentArrays()));
  }

  private static long proportionalKiB() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : walk.toList().reversed()) {
        Files.delete(path);
      }
    }
  }
}
