package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.alignmentworkbench.rlhf.job.JobRun;
import org.alignmentworkbench.rlhf.job.OpenPolicy;
import org.alignmentworkbench.rlhf.training.ResumableWork.Metric;
import org.alignmentworkbench.sft.training.Learnable;
import org.alignmentworkbench.sft.training.SupervisedRow;
import org.alignmentworkbench.sft.training.TooLongRule;

/// The answers of a dataset as a training takes them.
///
/// Single answers that cannot be learnt are expected among sampled ones and do not stop a run: they
/// are left out of training and measurement alike, counted, charted and told by key. A dataset of
/// which nothing is left is refused.
///
/// @param rows what is learnt
/// @param heldOut what the loss is measured on
/// @param cut keys of those among both of which only the beginning fits the model's context
/// @param tooLong keys of answers that are with their prompts longer than the model's context
/// @param unended keys of answers without a trained end of turn
/// @param unreadable keys of conversations that the model's template refuses
public record SupervisedData(
    List<SupervisedRow> rows,
    List<SupervisedRow> heldOut,
    List<String> cut,
    List<String> tooLong,
    List<String> unended,
    List<String> unreadable) {
  private static final int NAMED = 3;

  /// Copies the lists.
  public SupervisedData {
    rows = List.copyOf(rows);
    heldOut = List.copyOf(heldOut);
    cut = List.copyOf(cut);
    tooLong = List.copyOf(tooLong);
    unended = List.copyOf(unended);
    unreadable = List.copyOf(unreadable);
  }

  /// What may be learnt, and the key by which it is held out or not.
  record Candidate(String key, Learnable learnable) {}

  /// Lines as the policy reads them, some of them kept back and none of them cut.
  public static SupervisedData of(
      OpenPolicy policy, List<Demonstrations.Line> lines, Predicate<String> heldBack) {
    return of(policy, lines, heldBack, TooLongRule.DROP);
  }

  /// The same with a rule for what is too long.
  static SupervisedData of(
      OpenPolicy policy,
      List<Demonstrations.Line> lines,
      Predicate<String> heldBack,
      TooLongRule rule) {
    var candidates = new ArrayList<Candidate>();
    for (int number = 0; number < lines.size(); number++) {
      Demonstrations.Line line = lines.get(number);
      candidates.add(
          new Candidate(line.promptKey(), Demonstrations.row(policy, line, number, rule)));
    }
    return of(candidates, heldBack);
  }

  /// Candidates, some of them kept back by their key.
  static SupervisedData of(List<Candidate> candidates, Predicate<String> heldBack) {
    var rows = new ArrayList<SupervisedRow>();
    var heldOut = new ArrayList<SupervisedRow>();
    var cut = new ArrayList<String>();
    var tooLong = new ArrayList<String>();
    var unended = new ArrayList<String>();
    var unreadable = new ArrayList<String>();
    for (Candidate candidate : candidates) {
      switch (candidate.learnable()) {
        case Learnable.Learnt(SupervisedRow row) ->
            (heldBack.test(candidate.key()) ? heldOut : rows).add(row);
        case Learnable.Cut(SupervisedRow row, int tokens) -> {
          (heldBack.test(candidate.key()) ? heldOut : rows).add(row);
          cut.add(row.key());
        }
        case Learnable.TooLong(String key, int tokens, int contextLength) -> tooLong.add(key);
        case Learnable.Unended(String key) -> unended.add(key);
        case Learnable.Unreadable(String key, String reason) -> unreadable.add(key + ": " + reason);
      }
    }
    return new SupervisedData(rows, heldOut, cut, tooLong, unended, unreadable);
  }

  /// Tells in the run's log what is left out or cut.
  ///
  /// @throws IllegalStateException when no row is left to train on
  public void check(JobRun run, String dataset) {
    if (leavesOut() || !cut.isEmpty()) {
      run.log("Dataset '" + dataset + "': " + told() + ".");
    }
    requireRows(dataset);
  }

  void requireRows(String dataset) {
    if (rows.isEmpty()) {
      throw new IllegalStateException(
          "dataset '" + dataset + "' leaves no row to train on: " + told());
    }
  }

  /// `of 40 answers 4 are held out, 1 is left out as longer than the context (a#3), ...`.
  String told() {
    int all = rows.size() + heldOut.size() + tooLong.size() + unended.size() + unreadable.size();
    String refused =
        unreadable.isEmpty()
            ? ""
            : ", %d refused by the model's template%s"
                .formatted(unreadable.size(), first(unreadable));
    return "of %d answers %d are held out, %d left out as longer than the model's context%s, %d left out for want of a trained end of turn%s"
            .formatted(
                all, heldOut.size(), tooLong.size(), first(tooLong), unended.size(), first(unended))
        + refused
        + (cut.isEmpty()
            ? ""
            : ", of %d only the beginning fits the model's context%s"
                .formatted(cut.size(), first(cut)));
  }

  private static String first(List<String> keys) {
    if (keys.isEmpty()) {
      return "";
    }
    String named = String.join(", ", keys.subList(0, Math.min(NAMED, keys.size())));
    return " (" + named + (keys.size() > NAMED ? ", ..." : "") + ")";
  }

  private boolean leavesOut() {
    return !tooLong.isEmpty() || !unended.isEmpty() || !unreadable.isEmpty();
  }

  /// How many are left out or cut, to be charted before the first step; nothing when none is.
  public List<Metric> figures() {
    var figures = new ArrayList<Metric>();
    if (!cut.isEmpty()) {
      figures.add(new Metric("cutToContext", 0, cut.size()));
    }
    if (!leavesOut()) {
      return List.copyOf(figures);
    }
    figures.add(new Metric("leftOutTooLong", 0, tooLong.size()));
    figures.add(new Metric("leftOutUnended", 0, unended.size()));
    if (!unreadable.isEmpty()) {
      figures.add(new Metric("leftOutUnreadable", 0, unreadable.size()));
    }
    return List.copyOf(figures);
  }
}
