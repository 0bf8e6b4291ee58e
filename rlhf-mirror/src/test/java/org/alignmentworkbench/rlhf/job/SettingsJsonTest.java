package org.alignmentworkbench.rlhf.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.alignmentworkbench.rlhf.settings.Setting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsJsonTest {
  enum Kind {
    PLAIN,
    FANCY
  }

  record Inner(double rate, int steps) {
    Inner {
      if (!(rate > 0)) {
        throw new IllegalArgumentException("rate must be > 0, was " + rate);
      }
    }
  }

  record Outer(String name, Kind kind, boolean flag, Inner inner) {}

  private static final Outer DEFAULTS = new Outer("a", Kind.PLAIN, true, new Inner(0.5, 3));

  @Test
  void an_empty_object_gives_the_defaults() {
    assertThat(SettingsJson.read("{}", DEFAULTS)).isEqualTo(DEFAULTS);
  }

  @Test
  void what_is_given_is_laid_over_the_defaults_at_any_depth() {
    assertThat(SettingsJson.read("{\"kind\":\"FANCY\",\"inner\":{\"steps\":7}}", DEFAULTS))
        .isEqualTo(new Outer("a", Kind.FANCY, true, new Inner(0.5, 7)));
  }

  @Test
  void what_was_written_is_read_back() {
    assertThat(SettingsJson.read(SettingsJson.write(DEFAULTS), DEFAULTS)).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"nmae\":\"b\"} | unknown setting 'nmae'",
        "{\"inner\":{\"stepz\":1}} | unknown setting 'inner.stepz'",
        "{\"inner\":{\"rate\":-1}} | rate must be > 0, was -1.0",
        "{\"inner\":{\"steps\":1.5}} | inner.steps",
        "{\"inner\":{\"steps\":\"3\"}} | inner.steps",
        "{\"inner\":{\"steps\":null}} | inner.steps",
        "{\"inner\":5} | inner",
        "{\"name\":5} | name",
        "{\"kind\":\"ODD\"} | kind",
        "{\"flag\":\"true\"} | flag",
        "[] | must be a JSON object",
        "{\"name\":\"b\",\"name\":\"c\"} | not JSON",
        "{ | not JSON",
      })
  void what_is_wrong_is_refused_by_name(String json, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SettingsJson.read(json, DEFAULTS))
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"nmae\":\"b\"} | nmae",
        "{\"inner\":{\"stepz\":1}} | inner.stepz",
        "{\"inner\":{\"rate\":-1}} | inner.rate",
        "{\"inner\":{\"steps\":1.5}} | inner.steps",
        "{\"kind\":\"ODD\"} | kind",
      })
  void a_refusal_says_which_setting_it_is(String json, String path) {
    assertThatExceptionOfType(SettingRefused.class)
        .isThrownBy(() -> SettingsJson.read(json, DEFAULTS))
        .satisfies(refused -> assertThat(refused.path()).isEqualTo(path));
  }

  @Test
  void what_is_said_of_settings_is_what_their_records_accept() {
    // The last round may be 0 only where the first one is.
    assertThat(
            SettingRules.differences(
                SettingsJson.read(
                    "{\"fromRound\": 0, \"toRound\": 0}", RewardModelTrainingJob.Settings.DEFAULT)))
        .isEmpty();
    assertThat(
            SettingRules.differences(
                MirrorDescentRlhfJob.Settings.DEFAULT, "training.stepsPerEpoch"))
        .isEmpty();
  }

  record Wrong(
      @Setting(value = "n", atLeast = 2) int n, @Setting(value = "x", above = 0) double x) {
    Wrong {
      if (n < 1 || x < 0) {
        throw new IllegalArgumentException("n and x must be positive");
      }
    }
  }

  @Test
  void a_bound_that_a_record_does_not_keep_is_found() {
    assertThat(SettingRules.differences(new Wrong(3, 1)))
        .containsExactly(
            "n is said to refuse 1 and takes it", "x is said to refuse 0.0 and takes it");
  }
}
