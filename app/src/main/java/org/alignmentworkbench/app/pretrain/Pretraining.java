package org.alignmentworkbench.app.pretrain;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.alignmentworkbench.model.engine.Engine;
import org.alignmentworkbench.model.folder.GenerationConfig;
import org.alignmentworkbench.model.folder.ModelFolder;
import org.alignmentworkbench.model.llama.LlamaConfig;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.safetensors.Dtype;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.ChatTemplate;
import org.alignmentworkbench.model.tensor.Tensor;
import org.alignmentworkbench.model.tokenizer.BpeTrainer;
import org.alignmentworkbench.model.tokenizer.Tokenizer;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.alignmentworkbench.model.training.Training;
import org.alignmentworkbench.model.training.TrainingState;
import org.alignmentworkbench.synthetic.corpus.CorpusDocument;
import org.alignmentworkbench.synthetic.corpus.PretrainingCorpus;
import org.jspecify.annotations.Nullable;

/// Trains a base model by a recipe.
///
/// Step `s` reads documents `s * documentsPerStep` onwards, every one once, so a step is a function
/// of the recipe and the state before it. The loss is the mean over all tokens of the step:
///
/// ```
/// L = -(1 / N) * sum over documents and tokens of log p(token | the document so far)      [nats]
/// ```
///
/// The state after each `CHECKPOINT_STEPS` steps is kept in the working folder, and a training that
/// was killed goes on from it to the same weights.
public final class Pretraining {
  /// Steps between two checkpoints.
  public static final int CHECKPOINT_STEPS = 100;

  /// Held-out documents, far beyond any that a recipe trains on.
  private static final long HELD_OUT_FROM = 1L << 40;

  private static final int HELD_OUT_DOCUMENTS = 256;
  private static final int ROWS_PER_CALL = 32;

  private final PretrainingRecipe recipe;
  private final PretrainingCorpus corpus;
  private final Engine engine;
  private final Path work;

  /// A training that keeps its checkpoint under `work`.
  public Pretraining(PretrainingRecipe recipe, Engine engine, Path work) {
    this.recipe = recipe;
    this.corpus = new PretrainingCorpus(recipe.seed());
    this.engine = engine;
    this.work = work;
  }

  /// Told after every step.
  public interface Listener {
    /// @param loss mean over the step's tokens, nats
    /// @param heldOutLoss mean over the held-out documents' tokens, nats, when it was measured
    void onStep(
        int step, double loss, @Nullable Double heldOutLoss, double gradientNorm, int tokens);
  }

  /// Trains to the end and writes the model in the Hugging Face layout.
  ///
  /// @throws IOException when a file cannot be read or written
  public void run(Path target, Listener listener) throws IOException {
    Files.createDirectories(work);
    Tokenizer tokenizer = vocabulary();
    TokenizerConfig roles =
        new TokenizerConfig(
            PretrainingRecipe.BEGIN,
            PretrainingRecipe.END,
            PretrainingRecipe.PAD,
            null,
            recipe.config().contextLength(),
            PretrainingRecipe.CHAT_TEMPLATE);
    ChatTemplate template = ChatTemplate.of(tokenizer, roles);
    List<TokenRow> heldOut = rows(template, HELD_OUT_FROM, HELD_OUT_DOCUMENTS);
    try (ExecutorService reader = Executors.newSingleThreadExecutor();
        LlamaModel model = LlamaModel.load(engine, recipe.config(), initialWeights());
        Training training = Training.of(model, recipe.optimizer())) {
      Path checkpoint = work.resolve("checkpoint.safetensors");
      if (Files.exists(checkpoint)) {
        training.restore(TrainingState.load(checkpoint));
      }
      int first = Math.toIntExact(training.steps());
      // The next step's documents are written and cut while the kernels work on this one's.
      Future<List<TokenRow>> next = reader.submit(() -> rowsOfStep(template, first));
      for (int step = first; step < recipe.steps(); step++) {
        List<TokenRow> rows = taken(next);
        int following = step + 1;
        next = reader.submit(() -> rowsOfStep(template, following));
        int scored = rows.stream().mapToInt(TokenRow::scoredTokens).sum();
        double loss = accumulate(training, rows, scored);
        if (!Double.isFinite(loss)) {
          throw new IllegalStateException(
              "pre-training " + recipe.name() + ", step " + step + ": the loss is " + loss);
        }
        double norm = training.step(recipe.schedule().at(step));
        boolean keep = (step + 1) % CHECKPOINT_STEPS == 0 || step + 1 == recipe.steps();
        if (keep) {
          training.state().save(checkpoint);
        }
        listener.onStep(step + 1, loss, keep ? loss(model, heldOut) : null, norm, scored);
      }
      new ModelFolder(
              recipe.config(),
              model.weights(),
              tokenizer,
              roles,
              new GenerationConfig(recipe.config().specialIds()))
          .write(target, Dtype.F16);
    }
  }

  private Tokenizer vocabulary() throws IOException {
    Path folder = work.resolve("vocabulary");
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      Files.createDirectories(folder);
      List<String> texts =
          LongStream.range(0, recipe.vocabularyDocuments())
              .mapToObj(corpus::document)
              .map(CorpusDocument::text)
              .toList();
      BpeTrainer.train(texts, recipe.config().vocabularySize(), PretrainingRecipe.CONTROL_TOKENS)
          .save(folder);
    }
    return Tokenizer.load(folder);
  }

  /// Normal weights of the recipe's deviation; the matrices that write into the residual stream are
  /// scaled down by the square root of the number of such writes (Radford et al., 2019); norms are
  /// 1.
  private SequencedMap<String, Tensor> initialWeights() {
    LlamaConfig config = recipe.config();
    SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
    config
        .weightShapes()
        .forEach((name, shape) -> {
          Tensor tensor = Tensor.zeros(shape);
          boolean residual = name.contains("o_proj") || name.contains("down_proj");
          double deviation =
              recipe.initialDeviation() / (residual ? Math.sqrt(2.0 * config.layers()) : 1.0);
          CounterStream stream = CounterStream.named(recipe.seed(), "initial weights", name);
          float[] data = tensor.data();
          for (int i = 0; i < data.length; i++) {
            data[i] = name.contains("norm") ? 1 : (float) (deviation * stream.normal(i));
          }
          weights.put(name, tensor);
        });
    return weights;
  }

  private List<TokenRow> rowsOfStep(ChatTemplate template, int step) {
    return rows(template, (long) step * recipe.documentsPerStep(), recipe.documentsPerStep());
  }

  private static List<TokenRow> taken(Future<List<TokenRow>> rows) throws IOException {
    try {
      return rows.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a step's documents cannot be made", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("pre-training was interrupted");
    }
  }

  private List<TokenRow> rows(ChatTemplate template, long from, int count) {
    List<TokenRow> rows = new ArrayList<>(count);
    for (long i = from; i < from + count; i++) {
      int[] ids = ids(template, corpus.document(i));
      int length = Math.min(ids.length, recipe.config().contextLength());
      rows.add(TokenRow.of(java.util.Arrays.copyOf(ids, length)));
    }
    // Rows of like length share a call; the sort is stable, so the order is the recipe's.
    rows.sort(Comparator.comparingInt(row -> row.ids().length));
    return rows;
  }

  private static int[] ids(ChatTemplate template, CorpusDocument document) {
    return switch (document) {
      case CorpusDocument.Conversation conversation ->
          template
              .render(
                  conversation.turns().stream()
                      .map(turn -> new ChatMessage(turn.role(), turn.content()))
                      .toList(),
                  false)
              .ids();
      case CorpusDocument.Note note -> {
        Tokenizer tokenizer = template.tokenizer();
        int[] text = tokenizer.encode(note.text());
        int[] ids = new int[text.length + 2];
        ids[0] = tokenizer.idOf(PretrainingRecipe.BEGIN);
        System.arraycopy(text, 0, ids, 1, text.length);
        ids[ids.length - 1] = tokenizer.idOf(PretrainingRecipe.END);
        yield ids;
      }
    };
  }

  private static double accumulate(Training training, List<TokenRow> rows, int scored) {
    double sum = 0;
    for (int from = 0; from < rows.size(); from += ROWS_PER_CALL) {
      List<TokenRow> call = rows.subList(from, Math.min(rows.size(), from + ROWS_PER_CALL));
      float[][] coefficients = new float[call.size()][];
      for (int r = 0; r < call.size(); r++) {
        coefficients[r] = new float[call.get(r).ids().length];
        java.util.Arrays.fill(coefficients[r], 1, coefficients[r].length, -1f / scored);
      }
      sum += sum(training.accumulate(call, 1.0, coefficients));
    }
    return -sum / scored;
  }

  private static double loss(LlamaModel model, List<TokenRow> rows) {
    double sum = 0;
    int scored = 0;
    for (int from = 0; from < rows.size(); from += ROWS_PER_CALL) {
      List<TokenRow> call = rows.subList(from, Math.min(rows.size(), from + ROWS_PER_CALL));
      sum += sum(model.tokenLogProbs(call, 1.0));
      scored += call.stream().mapToInt(TokenRow::scoredTokens).sum();
    }
    return -sum / scored;
  }

  private static double sum(float[][] logProbs) {
    double sum = 0;
    for (float[] row : logProbs) {
      for (float value : row) {
        sum += value;
      }
    }
    return sum;
  }
}
