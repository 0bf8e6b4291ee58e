package org.alignmentworkbench.rlhf.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.generation.Finish;
import org.alignmentworkbench.model.generation.Generation;
import org.alignmentworkbench.model.generation.Generator;
import org.alignmentworkbench.model.generation.NonFiniteSampleException;
import org.alignmentworkbench.model.generation.SamplingSettings;
import org.alignmentworkbench.model.llama.LlamaModel;
import org.alignmentworkbench.model.llama.TokenRow;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.model.training.Training;
import org.alignmentworkbench.model.training.TrainingState;
import org.alignmentworkbench.rlhf.advantage.KlShapedReward;
import org.alignmentworkbench.rlhf.advantage.LeaveOneOutAdvantage;
import org.alignmentworkbench.rlhf.kl.KlEstimate;
import org.alignmentworkbench.rlhf.mirror.MirrorDescentUpdate;
import org.jspecify.annotations.Nullable;

/// Online reinforcement learning with leave-one-out advantages and mirror-descent steps (MDLOO).
///
/// An iteration has two phases, each one unit:
///
/// 1. **Sample.** Take the next n prompts; sample K responses for each from the policy; score them;
///    fold the divergence to the reference into the reward, `R = r - beta * (log pi - log ref)`;
///    subtract the mean of the siblings.
/// 2. **Update.** For several passes over these samples: compare the policy with the one that made
///    them, `rho = pi / pi_k`, and follow `rho * (A - gamma * log rho)`.
///
/// The whole response is one action: sums of token log-probabilities, no critic, no per-token
/// advantage. The log-probabilities of the sampling policy are recomputed by the scorer that the
/// update uses, under the sampling temperature, so the ratio is 1 before the first update; how far
/// the sampler's own differ is a metric.
public final class MirrorDescentRlhf implements ResumableWork {
  private static final String STATE = "training.safetensors";

  private final MirrorDescentSettings settings;
  private final long seed;
  private final LlamaModel policy;
  private final LlamaModel reference;
  private final ResponseReward reward;
  private final List<PromptRow> prompts;
  private final SamplingSettings sampling;
  private final MirrorDescentUpdate update;
  private final Training training;
  private final List<Metric> metrics = new ArrayList<>();
  private @Nullable Rollouts rollouts;

  /// A training of `policy` against `reward`, tied to `reference`.
  public MirrorDescentRlhf(
      LlamaModel policy,
      LlamaModel reference,
      ResponseReward reward,
      List<PromptRow> prompts,
      Set<Integer> stopIds,
      MirrorDescentSettings settings,
      long seed) {
    if (prompts.isEmpty()) {
      throw new IllegalArgumentException("there must be prompts to sample for, was 0");
    }
    this.settings = settings;
    this.seed = seed;
    this.policy = policy;
    this.reference = reference;
    this.reward = reward;
    this.prompts = List.copyOf(prompts);
    this.sampling =
        new SamplingSettings(settings.temperature(), settings.maxNewTokens(), stopIds, false);
    this.update = new MirrorDescentUpdate(settings.gamma(), settings.maxLogRatio());
    policy.body().recompute(settings.recompute());
    this.training = Training.of(policy, settings.optimizer().adamW());
  }

  @Override
  public boolean advance() {
    if (training.steps() >= settings.steps()) {
      return false;
    }
    Rollouts current = rollouts;
    if (current == null) {
      rollouts = sample(iteration());
    } else {
      update(iteration(), current);
      rollouts = null;
    }
    return true;
  }

  private int iteration() {
    return Math.toIntExact(
        training.steps() / ((long) settings.innerEpochs() * settings.stepsPerEpoch()));
  }

  // ---- phase 1: sample

  private Rollouts sample(int iteration) {
    int k = settings.samplesPerPrompt();
    int[] chosen = promptsOf(iteration);
    int[] owner = new int[settings.samples()];
    var streams = new ArrayList<CounterStream>();
    for (int i = 0; i < owner.length; i++) {
      owner[i] = chosen[i / k];
      streams.add(CounterStream.of(seed, "rollout", iteration, i));
    }
    List<PromptRow> owners = Arrays.stream(owner).mapToObj(prompts::get).toList();
    List<Generation> generations = generate(owners, streams);
    List<int[]> responses = generations.stream().map(Generation::ids).toList();
    List<TokenRow> rows = rows(owner, responses);
    double[] rewards = reward.of(owners, responses);
    float[][] refLogProbs = score(reference, rows);
    float[][] oldLogProbs = score(policy, rows);

    var shape = new KlShapedReward(settings.beta());
    double[] old = new double[owner.length];
    double[] logRatios = new double[owner.length];
    double[] shaped = new double[owner.length];
    for (int i = 0; i < owner.length; i++) {
      old[i] = PreferenceTraining.sum(oldLogProbs[i]);
      logRatios[i] = old[i] - PreferenceTraining.sum(refLogProbs[i]);
      NonFiniteLossException.check("a log-ratio", logRatios[i], training.steps(), keys(owner));
      shaped[i] = shape.of(rewards[i], logRatios[i]);
    }
    double[] advantages = new double[owner.length];
    int flat = 0;
    for (int p = 0; p < chosen.length; p++) {
      double[] group = LeaveOneOutAdvantage.of(Arrays.copyOfRange(shaped, p * k, (p + 1) * k));
      System.arraycopy(group, 0, advantages, p * k, k);
      flat += Arrays.stream(group).allMatch(a -> a == 0) ? 1 : 0;
    }
    describe(iteration, rewards, shaped, logRatios, generations, rows, oldLogProbs, flat);
    return new Rollouts(owner, responses, advantages, old);
  }

  /// The next n prompts of an endless sequence of fresh permutations.
  private int[] promptsOf(int iteration) {
    int n = settings.promptsPerIteration();
    int[] chosen = new int[n];
    int epoch = -1;
    int[] order = {};
    for (int i = 0; i < n; i++) {
      long position = (long) iteration * n + i;
      if (position / prompts.size() != epoch) {
        epoch = Math.toIntExact(position / prompts.size());
        order = CounterStream.of(seed, "prompts", epoch, 0).permutation(prompts.size());
      }
      chosen[i] = order[(int) (position % prompts.size())];
    }
    return chosen;
  }

  private List<Generation> generate(List<PromptRow> owners, List<CounterStream> streams) {
    var generations = new ArrayList<Generation>();
    for (List<Integer> part :
        MicroBatches.of(
            IntStream.range(0, owners.size()).boxed().toList(), settings.generationRows())) {
      List<PromptRow> asked = part.stream().map(owners::get).toList();
      try {
        generations.addAll(
            Generator.generate(
                policy,
                asked.stream().map(PromptRow::ids).toList(),
                sampling,
                part.stream().map(streams::get).toList()));
      } catch (NonFiniteSampleException broken) {
        var named =
            new NonFiniteLossException(
                "sampling failed (" + broken.getMessage() + ")",
                training.steps(),
                asked.stream().map(PromptRow::key).toList());
        named.initCause(broken);
        throw named;
      }
    }
    return generations;
  }

  private float[][] score(LlamaModel model, List<TokenRow> rows) {
    var logProbs = new ArrayList<float[]>();
    for (List<TokenRow> part : MicroBatches.of(rows, settings.microRows())) {
      logProbs.addAll(Arrays.asList(model.tokenLogProbs(part, settings.temperature())));
    }
    return logProbs.toArray(new float[0][]);
  }

  private void describe(
      int iteration,
      double[] rewards,
      double[] shaped,
      double[] logRatios,
      List<Generation> generations,
      List<TokenRow> rows,
      float[][] oldLogProbs,
      int flat) {
    double tokens = 0;
    double entropy = 0;
    double mismatch = 0;
    int stopped = 0;
    for (int i = 0; i < rows.size(); i++) {
      Generation generation = generations.get(i);
      int prompt = rows.get(i).length() - generation.length();
      float[] sampled = generation.logProbs();
      tokens += sampled.length;
      stopped += generation.finish() == Finish.STOP ? 1 : 0;
      for (int t = 0; t < sampled.length; t++) {
        double logProb = oldLogProbs[i][prompt + t];
        entropy -= logProb;
        mismatch = Math.max(mismatch, Math.abs(logProb - sampled[t]));
      }
    }
    add("reward", iteration, mean(rewards));
    add("shapedReward", iteration, mean(shaped));
    add("klToReference", iteration, KlEstimate.K1.mean(logRatios));
    add("entropyPerToken", iteration, entropy / tokens);
    add("responseTokens", iteration, tokens / rows.size());
    add("stopped", iteration, (double) stopped / rows.size());
    add("flatGroups", iteration, (double) flat / settings.promptsPerIteration());
    add("samplerMismatch", iteration, mismatch);
  }

  // ---- phase 2: update

  private void update(int iteration, Rollouts samples) {
    for (int epoch = 0; epoch < settings.innerEpochs(); epoch++) {
      int[] order =
          CounterStream.of(seed, "inner-order", iteration, epoch).permutation(samples.size());
      for (int s = 0; s < settings.stepsPerEpoch(); s++) {
        int from = samples.size() * s / settings.stepsPerEpoch();
        int to = samples.size() * (s + 1) / settings.stepsPerEpoch();
        step(samples, Arrays.copyOfRange(order, from, to));
      }
    }
  }

  private void step(Rollouts samples, int[] batch) {
    long step = training.steps();
    List<String> keys = keys(Arrays.stream(batch).map(i -> samples.prompt()[i]).toArray());
    var sums = new Sums();
    // Sorted, samples of one prompt share a call, which then computes the prompt once.
    for (List<Integer> part :
        MicroBatches.of(Arrays.stream(batch).sorted().boxed().toList(), settings.microRows())) {
      List<TokenRow> rows =
          rows(
              part.stream().mapToInt(i -> samples.prompt()[i]).toArray(),
              part.stream().map(samples.responses()::get).toList());
      training.accumulate(
          rows,
          settings.temperature(),
          logProbs -> coefficients(samples, part, rows, logProbs, batch.length, step, keys, sums));
    }
    double rate = settings.optimizer().rate(step, settings.steps());
    double norm = NonFiniteLossException.checkStep(() -> training.step(rate), step, keys);
    add("loss", step, sums.loss);
    add("klToPrevious", step, sums.kl);
    add("largestLogRatio", step, sums.largest);
    add("guarded", step, sums.guarded);
    add("gradientNorm", step, norm);
    add("learningRate", step, rate);
  }

  private float[][] coefficients(
      Rollouts samples,
      List<Integer> part,
      List<TokenRow> rows,
      float[][] logProbs,
      int samplesOfStep,
      long step,
      List<String> keys,
      Sums sums) {
    double[] advantages = part.stream().mapToDouble(i -> samples.advantages()[i]).toArray();
    double[] logRatios = new double[part.size()];
    for (int i = 0; i < logRatios.length; i++) {
      double sum = PreferenceTraining.sum(logProbs[i]);
      logRatios[i] = sum - samples.oldLogProbs()[part.get(i)];
      NonFiniteLossException.check("a log-ratio", logRatios[i], step, keys);
    }
    MirrorDescentUpdate.Terms terms = update.of(advantages, logRatios, samplesOfStep);
    NonFiniteLossException.check("the loss", terms.loss(), step, keys);
    sums.loss += terms.loss();
    sums.kl += terms.klToPrevious();
    sums.largest = Math.max(sums.largest, terms.largestLogRatio());
    sums.guarded += terms.guarded();
    float[][] coefficients = new float[rows.size()][];
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] = PreferenceTraining.spread(rows.get(i), terms.lossGradient()[i]);
    }
    return coefficients;
  }

  // ---- state

  @Override
  public long trainedTokens() {
    return training.tokens();
  }

  @Override
  public Progress progress() {
    return new Progress(rollouts == null ? "sample" : "update", training.steps(), settings.steps());
  }

  @Override
  public List<Metric> takeMetrics() {
    List<Metric> taken = List.copyOf(metrics);
    metrics.clear();
    return taken;
  }

  @Override
  public void save(Path folder) throws IOException {
    Files.createDirectories(folder);
    training.state().save(folder.resolve(STATE));
    if (rollouts != null) {
      rollouts.save(folder);
    }
  }

  @Override
  public void restore(Path folder) throws IOException {
    training.restore(TrainingState.load(folder.resolve(STATE)));
    rollouts = Rollouts.isIn(folder) ? Rollouts.load(folder) : null;
    metrics.clear();
  }

  /// Frees the optimiser; the policy stays open and holds the trained weights.
  @Override
  public void close() {
    training.close();
  }

  private List<TokenRow> rows(int[] owner, List<int[]> responses) {
    var rows = new ArrayList<TokenRow>();
    for (int i = 0; i < owner.length; i++) {
      rows.add(TokenRow.response(prompts.get(owner[i]).ids(), responses.get(i)));
    }
    return rows;
  }

  private List<String> keys(int[] owner) {
    return Arrays.stream(owner).mapToObj(i -> prompts.get(i).key()).distinct().toList();
  }

  private void add(String series, long step, double value) {
    metrics.add(new Metric(series, step, value));
  }

  /// The mean of what is defined; NaN where nothing is.
  private static double mean(double[] values) {
    return Arrays.stream(values).filter(v -> !Double.isNaN(v)).average().orElse(Double.NaN);
  }

  private static final class Sums {
    double loss;
    double kl;
    double largest;
    double guarded;
  }
}
