package org.alignmentworkbench.model.agreement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.alignmentworkbench.model.statistics.Estimate;
import org.jspecify.annotations.Nullable;

/// What is true of each unit if some raters err more than others, after Dawid and Skene: the
/// expectation-maximisation algorithm learns every rater's confusions and every unit's truth from
/// each other, beginning with the votes.
///
/// ```
/// T[u,t]    = probability that the truth of unit u is t, at first the share of votes
/// prior[t]  = mean over u of T[u,t]
/// E[r,o,t]  = Σ_{u where r said o} T[u,t] / Σ_{u judged by r} T[u,t]         (M step)
/// T[u,t]    ∝ prior[t] Π_{r judged u} E[r, what r said, t]                   (E step)
/// loss      = Σ_u Σ_t T[u,t] Σ_{r judged u} log(prior[t] E[r, what r said, t]) / values
///             less the same mean of log T[u,t]
/// ```
///
/// | symbol | unit | meaning |
/// |---|---|---|
/// | u, r | index | unit, rater |
/// | o, t | index | what was said, what is true |
/// | T, prior, E | probability | E is floored at 1e-10, then its columns sum to 1 over what r said |
///
/// It stops when the loss gains less than `tolerance`, or after `maximumSteps`. The labels mean
/// what most raters mean by them: a crowd that errs by system is believed. Two raters tell nothing
/// about who of them is right. Source: Dawid and Skene, "Maximum likelihood estimation of observer
/// error-rates using the EM algorithm", 1979; the floor, the order of steps and the stopping rule
/// as in crowd-kit, whose figures it is tested against.
///
/// @param maximumSteps steps of E and M at most
/// @param tolerance gain of the loss that is worth another step, nats a value
public record DawidSkene(int maximumSteps, double tolerance) {
  private static final double FLOOR = 1e-10;

  public DawidSkene {
    if (maximumSteps < 1 || !(tolerance >= 0)) {
      throw new IllegalArgumentException(
          "steps must be >= 1 and the tolerance >= 0, were " + maximumSteps + ", " + tolerance);
    }
  }

  /// A hundred steps, until a step gains less than 1e-5 nats a value.
  public static DawidSkene standard() {
    return new DawidSkene(100, 1e-5);
  }

  /// One rater's confusions.
  ///
  /// @param rater who
  /// @param errors by what was said and what is true, zero in rows the rater never used
  public record Reliability(long rater, double[][] errors) {
    public Reliability {
      errors = Matrix.copy(errors);
    }

    @Override
    public double[][] errors() {
      return Matrix.copy(errors);
    }

    /// The probability that this rater says what is true of a unit of these priors.
    public double accuracy(double[] priors) {
      double sum = 0;
      for (int t = 0; t < priors.length; t++) {
        sum += priors[t] * errors[t][t];
      }
      return sum;
    }
  }

  /// What the algorithm came to.
  ///
  /// @param units ids of the units, in order
  /// @param categories the distinct values, in order
  /// @param posteriors by unit and category
  /// @param priors by category
  /// @param raters everybody's confusions, in order of raters
  /// @param losses after each step, nats a value; their number is the number of steps
  /// @param converged whether the last step gained less than the tolerance
  public record Consensus(
      long[] units,
      double[] categories,
      double[][] posteriors,
      double[] priors,
      List<Reliability> raters,
      List<Double> losses,
      boolean converged) {
    public Consensus {
      units = units.clone();
      categories = categories.clone();
      posteriors = Matrix.copy(posteriors);
      priors = priors.clone();
      raters = List.copyOf(raters);
      losses = List.copyOf(losses);
    }

    @Override
    public long[] units() {
      return units.clone();
    }

    @Override
    public double[] categories() {
      return categories.clone();
    }

    @Override
    public double[][] posteriors() {
      return Matrix.copy(posteriors);
    }

    @Override
    public double[] priors() {
      return priors.clone();
    }

    /// The likeliest value of a unit, by position; the lowest of equally likely ones.
    public double winner(int unit) {
      return categories[Matrix.largest(posteriors[unit])];
    }

    /// The probability of the likeliest value of a unit.
    public double certainty(int unit) {
      return posteriors[unit][Matrix.largest(posteriors[unit])];
    }
  }

  /// One answer: who said what, by position.
  private record Said(int rater, int category) {}

  /// Why a consensus would tell no more than the votes, or null where it may.
  public Estimate.@Nullable Undefined obstacle(Ratings ratings) {
    if (ratings.isEmpty()) {
      return new Estimate.Undefined("there are no judgements");
    }
    if (ratings.categories().length < 2) {
      return new Estimate.Undefined("everybody gave the same value");
    }
    if (ratings.raters().length < 3) {
      return new Estimate.Undefined("it takes three people to tell who of them is reliable");
    }
    // Alone on everything, each person is their own truth, and everybody perfectly reliable.
    if (IntStream.range(0, ratings.units()).allMatch(u -> ratings.ofUnit(u).size() < 2)) {
      return new Estimate.Undefined("no two people judged the same thing");
    }
    return null;
  }

  /// Runs the algorithm.
  public Consensus fit(Ratings ratings) {
    if (ratings.isEmpty()) {
      throw new IllegalArgumentException("there are no judgements to find the truth in");
    }
    MajorityVote votes = MajorityVote.of(ratings);
    double[] categories = ratings.categories();
    long[] raters = ratings.raters();
    Said[][] said = new Said[ratings.units()][];
    for (int u = 0; u < said.length; u++) {
      said[u] =
          ratings.ofUnit(u).stream()
              .map(rating ->
                  new Said(
                      Arrays.binarySearch(raters, rating.rater()),
                      Ratings.category(categories, rating.value())))
              .toArray(Said[]::new);
    }
    double[][] truth = votes.shares();
    double[] priors = priors(truth, categories.length);
    double[][][] errors = errors(said, truth, raters.length, categories.length);
    List<Double> losses = new ArrayList<>();
    double before = Double.NEGATIVE_INFINITY;
    boolean converged = false;
    for (int step = 0; step < maximumSteps && !converged; step++) {
      truth = truth(said, priors, errors);
      priors = priors(truth, categories.length);
      errors = errors(said, truth, raters.length, categories.length);
      double loss = loss(said, truth, priors, errors, ratings.size());
      losses.add(loss);
      converged = loss - before < tolerance;
      before = loss;
    }
    List<Reliability> reliabilities = new ArrayList<>();
    for (int r = 0; r < raters.length; r++) {
      reliabilities.add(new Reliability(raters[r], errors[r]));
    }
    return new Consensus(
        votes.units(), categories, truth, priors, reliabilities, losses, converged);
  }

  private static double[] priors(double[][] truth, int categories) {
    double[] priors = new double[categories];
    for (double[] row : truth) {
      for (int t = 0; t < categories; t++) {
        priors[t] += row[t] / truth.length;
      }
    }
    return priors;
  }

  private static double[][][] errors(Said[][] said, double[][] truth, int raters, int categories) {
    double[][][] errors = new double[raters][categories][categories];
    boolean[][] used = new boolean[raters][categories];
    for (int u = 0; u < said.length; u++) {
      for (Said answer : said[u]) {
        used[answer.rater()][answer.category()] = true;
        for (int t = 0; t < categories; t++) {
          errors[answer.rater()][answer.category()][t] += truth[u][t];
        }
      }
    }
    for (int r = 0; r < raters; r++) {
      for (int t = 0; t < categories; t++) {
        double sum = 0;
        for (int o = 0; o < categories; o++) {
          if (used[r][o]) {
            errors[r][o][t] = Math.max(errors[r][o][t], FLOOR);
            sum += errors[r][o][t];
          }
        }
        for (int o = 0; o < categories; o++) {
          errors[r][o][t] /= sum;
        }
      }
    }
    return errors;
  }

  private static double[][] truth(Said[][] said, double[] priors, double[][][] errors) {
    double[] logPriors = Arrays.stream(priors).map(p -> Math.log(Math.max(p, FLOOR))).toArray();
    double[][][] logErrors = logs(errors);
    double[][] truth = new double[said.length][];
    for (int u = 0; u < said.length; u++) {
      truth[u] = logPriors.clone();
      for (Said answer : said[u]) {
        double[] byTruth = logErrors[answer.rater()][answer.category()];
        for (int t = 0; t < priors.length; t++) {
          truth[u][t] += byTruth[t];
        }
      }
      double most = Arrays.stream(truth[u]).max().orElseThrow();
      for (int t = 0; t < priors.length; t++) {
        truth[u][t] = Math.exp(truth[u][t] - most);
      }
      Matrix.normalise(truth[u]);
    }
    return truth;
  }

  /// The priors are counted once for every value and the entropy once for every unit's value: not
  /// the bound that the algorithm raises, and it may fall; it only decides when to stop.
  private static double loss(
      Said[][] said, double[][] truth, double[] priors, double[][][] errors, int values) {
    double[] logPriors = Arrays.stream(priors).map(p -> Math.log(Math.max(p, FLOOR))).toArray();
    double[][][] logErrors = logs(errors);
    double sum = 0;
    for (int u = 0; u < said.length; u++) {
      for (Said answer : said[u]) {
        double[] byTruth = logErrors[answer.rater()][answer.category()];
        for (int t = 0; t < priors.length; t++) {
          if (truth[u][t] > 0) {
            sum += truth[u][t] * (logPriors[t] + byTruth[t]);
          }
        }
      }
    }
    double entropy = 0;
    for (double[] row : truth) {
      for (double probability : row) {
        entropy -= probability > 0 ? probability * Math.log(probability) : 0;
      }
    }
    return (sum + entropy) / values;
  }

  /// Taken once a step, not once a value.
  private static double[][][] logs(double[][][] errors) {
    return Arrays.stream(errors)
        .map(rows ->
            Arrays.stream(rows)
                .map(row -> Arrays.stream(row).map(Math::log).toArray())
                .toArray(double[][]::new))
        .toArray(double[][][]::new);
  }
}
