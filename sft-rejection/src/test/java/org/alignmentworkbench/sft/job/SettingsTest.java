package org.alignmentworkbench.sft.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.rlhf.job.SettingRules;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void what_is_said_of_settings_is_what_their_records_accept() {
    assertThat(SettingRules.differences(SupervisedFineTuningJob.Settings.DEFAULT)).isEmpty();
    assertThat(SettingRules.differences(EvaluationJob.Settings.DEFAULT)).isEmpty();
    assertThat(
            SettingRules.differences(
                ItecRoundSettings.DEFAULT,
                "electionPrompts",
                "mirrorDescent.training.stepsPerEpoch"))
        .isEmpty();
  }

  @Test
  void a_round_makes_models_that_carry_its_number() {
    assertThat(ItecRoundSettings.DEFAULT.makes())
        .containsExactly(
            "itec-1/reward-model", "itec-1/dpo", "itec-1/mdloo", "itec-1", "itec-1-unfiltered");
  }
}
