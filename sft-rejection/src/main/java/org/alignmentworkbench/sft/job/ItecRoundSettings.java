package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.rlhf.settings.Names;
import org.alignmentworkbench.rlhf.settings.Setting;
import org.alignmentworkbench.rlhf.settings.SettingRule;
import org.alignmentworkbench.rlhf.training.MirrorDescentSettings;
import org.alignmentworkbench.rlhf.training.PreferenceSettings;
import org.alignmentworkbench.rlhf.training.RewardModelSettings;
import org.alignmentworkbench.sft.training.SupervisedSettings;

/// What a round of the teacher committee may set. None of the counts is published.
public record ItecRoundSettings(
    @Setting(
            value = "number of the round; names all that it makes",
            atLeast = 1,
            names = Names.NEW_MODEL)
        int round,
    @Setting(value = "the policy that members and student start from", names = Names.POLICY)
        String model,
    @Setting(
            value = "the policy that divergences are measured from; also the reward model's body",
            names = Names.POLICY)
        String reference,
    @Setting(
            value = "the members; empty for those elected in the round before, first the model",
            names = Names.POLICY,
            optional = true)
        List<String> committee,
    @Setting("await scripted judgements instead of people's; they never mix") boolean scripted,
    @Setting("what is compared at the desk") Pairs pairs,
    @Setting("how the reward model is trained") RewardModelSettings rewardModel,
    @Setting("how the preference member is trained") PreferenceSettings preference,
    @Setting("how the reinforcement member is trained") Descent mirrorDescent,
    @Setting("what the members answer for the student") Answers members,
    @Setting("how the student is trained") SupervisedSettings student,
    @Setting(
            value = "share of the selected answers kept back to measure the student's loss on",
            atLeast = 0,
            below = 1)
        double studentHeldOutShare,
    @Setting("train a second student on the best answers without the verifiable filter")
        boolean unfilteredStudent,
    @Setting(
            value = "held-out prompts that the student is evaluated on; 0 for no evaluation",
            unit = "prompts",
            atLeast = 0)
        int evaluationPrompts,
    @Setting(
            value = "stages evaluated before, to take the paired difference to",
            names = Names.STAGE,
            optional = true)
        List<String> compareWith,
    @Setting(value = "members of the next committee", atLeast = 1) int seats,
    @Setting(
            value = "prompts that the election looks at; at most those the members answer",
            unit = "prompts",
            atLeast = 1)
        int electionPrompts,
    @Setting("how all responses are sampled") Sampling sampling) {
  /// What is compared.
  public record Pairs(
      @Setting(value = "number of the first preference prompt", atLeast = 0) int firstPrompt,
      @Setting(value = "how many of them", unit = "prompts", atLeast = 1) int prompts,
      @Setting(value = "responses of each member to each of them", atLeast = 1)
          int samplesPerMember,
      @Setting(
              value = "judgements of each comparison, by as many people",
              unit = "judgements",
              atLeast = 1,
              atMost = 20)
          int overlap) {}

  /// The reinforcement member: which training prompts it samples for, and how it is trained.
  public record Descent(
      @Setting(value = "number of the first training prompt", atLeast = 0) int firstPrompt,
      @Setting(value = "how many of them", unit = "prompts", atLeast = 1) int prompts,
      @Setting("its iterations") MirrorDescentSettings training) {}

  /// What the members answer.
  public record Answers(
      @Setting(value = "number of the first training prompt", atLeast = 0) int firstPrompt,
      @Setting(value = "how many of them", unit = "prompts", atLeast = 1) int prompts,
      @Setting(value = "responses of each member to each of them", atLeast = 1)
          int samplesPerMember) {}

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
    SettingRule.require(round >= 1, "round", ">= 1", round);
    SettingRule.require(pairs.firstPrompt() >= 0, "pairs.firstPrompt", ">= 0", pairs.firstPrompt());
    SettingRule.require(pairs.prompts() >= 1, "pairs.prompts", ">= 1", pairs.prompts());
    SettingRule.require(
        pairs.samplesPerMember() >= 1, "pairs.samplesPerMember", ">= 1", pairs.samplesPerMember());
    SettingRule.require(
        pairs.overlap() >= 1 && pairs.overlap() <= 20,
        "pairs.overlap",
        "in 1..20",
        pairs.overlap());
    SettingRule.require(
        mirrorDescent.firstPrompt() >= 0,
        "mirrorDescent.firstPrompt",
        ">= 0",
        mirrorDescent.firstPrompt());
    SettingRule.require(
        mirrorDescent.prompts() >= 1, "mirrorDescent.prompts", ">= 1", mirrorDescent.prompts());
    SettingRule.require(
        members.firstPrompt() >= 0, "members.firstPrompt", ">= 0", members.firstPrompt());
    SettingRule.require(members.prompts() >= 1, "members.prompts", ">= 1", members.prompts());
    SettingRule.require(
        members.samplesPerMember() >= 1,
        "members.samplesPerMember",
        ">= 1",
        members.samplesPerMember());
    SettingRule.require(
        studentHeldOutShare >= 0 && studentHeldOutShare < 1,
        "studentHeldOutShare",
        "in [0, 1)",
        studentHeldOutShare);
    SettingRule.require(evaluationPrompts >= 0, "evaluationPrompts", ">= 0", evaluationPrompts);
    SettingRule.require(seats >= 1, "seats", ">= 1", seats);
    SettingRule.require(
        electionPrompts >= 1 && electionPrompts <= members.prompts(),
        "electionPrompts",
        "in 1..members.prompts",
        electionPrompts);
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

  /// Every model that the round registers.
  List<String> makes() {
    List<String> made =
        new ArrayList<>(
            List.of(rewardModelName(), preferenceMember(), descentMember(), student(true)));
    if (unfilteredStudent) {
      made.add(student(false));
    }
    return made;
  }

  String judgements() {
    return "itec-" + round + "/judgements";
  }

  String selected(boolean filtered) {
    return "itec-" + round + (filtered ? "/selected" : "/selected-unfiltered");
  }
}
