package org.alignmentworkbench.sft.job;

import java.util.List;
import org.alignmentworkbench.rlhf.training.MirrorDescentSettings;
import org.alignmentworkbench.rlhf.training.PreferenceSettings;
import org.alignmentworkbench.rlhf.training.RewardModelSettings;
import org.alignmentworkbench.sft.training.SupervisedSettings;

/// What a round of the teacher committee may set. None of the counts is published.
///
/// @param round number of the round, from 1
/// @param start the policy that members and student start from
/// @param reference the policy that divergences are measured from, and whose body the reward model
///   has
/// @param committee names of the members; empty for those elected in the round before, in the first
///   round the start alone
/// @param scripted whether scripted judgements are awaited or people's; they never mix
/// @param pairs what is compared
/// @param rewardModel how the reward model is trained
/// @param preference how the preference member is trained
/// @param mirrorDescent how the reinforcement member is trained
/// @param members what the members answer for the student
/// @param student how the student is trained
/// @param unfilteredStudent whether a second student learns the best answers without the filter of
///   verifiable instructions
/// @param evaluationPrompts held-out prompts that the student is evaluated on; 0 for none
/// @param compareWith stages that the student is compared with
/// @param seats members of the next committee
/// @param electionPrompts prompts that the election looks at
/// @param sampling how all responses are sampled
public record ItecRoundSettings(
    int round,
    String start,
    String reference,
    List<String> committee,
    boolean scripted,
    Pairs pairs,
    RewardModelSettings rewardModel,
    PreferenceSettings preference,
    Descent mirrorDescent,
    Answers members,
    SupervisedSettings student,
    double studentHeldOutShare,
    boolean unfilteredStudent,
    int evaluationPrompts,
    List<String> compareWith,
    int seats,
    int electionPrompts,
    Sampling sampling) {
  /// What is compared.
  ///
  /// @param firstPrompt number of the first preference prompt, prompts how many
  /// @param samplesPerMember responses of each member to each of them
  /// @param overlap judgements of each comparison
  public record Pairs(int firstPrompt, int prompts, int samplesPerMember, int overlap) {}

  /// The reinforcement member: which training prompts it samples for, and how it is trained.
  public record Descent(int firstPrompt, int prompts, MirrorDescentSettings training) {}

  /// What the members answer: training prompts, and responses of each member to each of them.
  public record Answers(int firstPrompt, int prompts, int samplesPerMember) {}

  /// Values for a model of a few million parameters on two cores.
  public static final ItecRoundSettings DEFAULT =
      new ItecRoundSettings(
          1,
          "sft",
          "sft",
          List.of(),
          false,
          new Pairs(0, 400, 2, 1),
          RewardModelSettings.DEFAULT,
          PreferenceSettings.DEFAULT,
          new Descent(0, 600, MirrorDescentSettings.DEFAULT),
          new Answers(0, 600, 4),
          SupervisedSettings.DEFAULT,
          0.1,
          true,
          500,
          List.of(),
          4,
          150,
          Sampling.DEFAULT);

  /// Copies the lists and checks the ranges.
  public ItecRoundSettings {
    committee = List.copyOf(committee);
    compareWith = List.copyOf(compareWith);
    require(round >= 1, "round", ">= 1", round);
    require(pairs.firstPrompt() >= 0, "pairs.firstPrompt", ">= 0", pairs.firstPrompt());
    require(pairs.prompts() >= 1, "pairs.prompts", ">= 1", pairs.prompts());
    require(
        pairs.samplesPerMember() >= 1, "pairs.samplesPerMember", ">= 1", pairs.samplesPerMember());
    require(
        pairs.overlap() >= 1 && pairs.overlap() <= 20,
        "pairs.overlap",
        "in 1..20",
        pairs.overlap());
    require(
        mirrorDescent.firstPrompt() >= 0,
        "mirrorDescent.firstPrompt",
        ">= 0",
        mirrorDescent.firstPrompt());
    require(mirrorDescent.prompts() >= 1, "mirrorDescent.prompts", ">= 1", mirrorDescent.prompts());
    require(members.firstPrompt() >= 0, "members.firstPrompt", ">= 0", members.firstPrompt());
    require(members.prompts() >= 1, "members.prompts", ">= 1", members.prompts());
    require(
        members.samplesPerMember() >= 1,
        "members.samplesPerMember",
        ">= 1",
        members.samplesPerMember());
    require(
        studentHeldOutShare >= 0 && studentHeldOutShare < 1,
        "studentHeldOutShare",
        "in [0, 1)",
        studentHeldOutShare);
    require(evaluationPrompts >= 0, "evaluationPrompts", ">= 0", evaluationPrompts);
    require(seats >= 1, "seats", ">= 1", seats);
    require(
        electionPrompts >= 1 && electionPrompts <= members.prompts(),
        "electionPrompts",
        "in 1..members.prompts",
        electionPrompts);
  }

  private static void require(boolean holds, String name, String rule, Object value) {
    if (!holds) {
      throw new IllegalArgumentException(name + " must be " + rule + ", was " + value);
    }
  }

  /// The student's name, which the round's other models and datasets carry in front.
  String student(boolean filtered) {
    return "itec-" + round + (filtered ? "" : "-unfiltered");
  }

  String preferenceMember() {
    return "itec-" + round + "/" + preference.loss().name().toLowerCase(java.util.Locale.ROOT);
  }

  String descentMember() {
    return "itec-" + round + "/mdloo";
  }

  String rewardModelName() {
    return "itec-" + round + "/reward-model";
  }

  String judgements() {
    return "itec-" + round + "/judgements";
  }

  String selected(boolean filtered) {
    return "itec-" + round + (filtered ? "/selected" : "/selected-unfiltered");
  }
}
