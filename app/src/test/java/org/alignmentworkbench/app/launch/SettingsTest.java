package org.alignmentworkbench.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.app.compression.job.CompressionSettings;
import org.alignmentworkbench.app.compression.job.FeatureAdapterJob;
import org.alignmentworkbench.app.export.job.ExportJob;
import org.alignmentworkbench.rlhf.job.SettingRules;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void what_is_said_of_settings_is_what_their_records_accept() {
    assertThat(SettingRules.differences(CompressionSettings.DEFAULT)).isEmpty();
    assertThat(SettingRules.differences(FeatureAdapterJob.Settings.DEFAULT)).isEmpty();
    assertThat(SettingRules.differences(ExportJob.Settings.DEFAULT)).isEmpty();
  }
}
