package org.alignmentworkbench.rlhf.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingGroupTest {
  enum Loss {
    DPO,
    IPO
  }

  record Inner(
      @Setting(value = "peak rate", above = 0) double rate,
      @Setting(value = "of them", unit = "steps", atLeast = 1, atMost = 20) int steps) {}

  record Outer(
      @Setting(value = "what to call it", names = Names.NEW_MODEL) String name,
      @Setting("which") Loss loss,
      @Setting("or not") boolean flag,
      @Setting(value = "members", optional = true) List<String> members,
      @Setting(
              value = "kinds",
              oneOf = {"A", "B"})
          List<String> kinds,
      @Setting("how it is trained") Inner inner) {}

  private static final SettingGroup TREE =
      SettingGroup.of(
          new Outer("a", Loss.IPO, true, List.of("x", "y/z"), List.of("A"), new Inner(2e-4, 3)));

  private static SettingField field(String path) {
    return TREE.field(path).orElseThrow();
  }

  @Test
  void nested_records_are_groups_in_the_order_of_their_components() {
    assertThat(TREE.parts().stream().map(SettingPart::path))
        .containsExactly("name", "loss", "flag", "members", "kinds", "inner");
    assertThat(TREE.parts().getLast()).isInstanceOf(SettingGroup.class);
    assertThat(TREE.parts().getLast().meaning()).isEqualTo("how it is trained");
    assertThat(TREE.fields().stream().map(SettingField::path))
        .containsExactly("name", "loss", "flag", "members", "kinds", "inner.rate", "inner.steps");
  }

  @Test
  void a_field_says_what_it_means_and_what_it_may_be() {
    assertThat(field("inner.steps").unit()).isEqualTo("steps");
    assertThat(field("inner.steps").range().words()).isEqualTo(">= 1, <= 20");
    assertThat(field("inner.rate").range().words()).isEqualTo("> 0");
    assertThat(field("loss").choices()).containsExactly("DPO", "IPO");
    assertThat(field("name").names()).isEqualTo(Names.NEW_MODEL);
  }

  @Test
  void values_are_shown_as_a_person_types_them_and_read_back() {
    assertThat(field("members").text()).isEqualTo("x, y/z");
    assertThat(field("loss").text()).isEqualTo("IPO");
    assertThat(field("inner.rate").text()).isEqualTo("2e-4");
    for (SettingField field : TREE.fields()) {
      assertThat(field.read(field.text())).as(field.path()).isEqualTo(field.value());
    }
  }

  @ParameterizedTest
  @CsvSource({"0.05,0.05", "1,1", "100000,100000", "0.001,0.001", "0.0001,1e-4", "64,64"})
  void numbers_are_written_short(double number, String text) {
    assertThat(SettingField.plain(number)).isEqualTo(text);
    assertThat(Double.parseDouble(text)).isEqualTo(number);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inner.steps | 0 | must be >= 1, <= 20, was '0'",
        "inner.steps | 21 | must be >= 1, <= 20, was '21'",
        "inner.steps | 1.5 | must be a whole number, was '1.5'",
        "inner.steps | many | must be a whole number, was 'many'",
        "inner.rate | 0 | must be > 0, was '0'",
        "inner.rate | NaN | must be > 0, was 'NaN'",
        "inner.rate | Infinity | must be > 0, was 'Infinity'",
        "inner.rate | fast | must be a number, was 'fast'",
        "loss | dpo | must be one of DPO, IPO, was 'dpo'",
        "kinds | A, C | must be one of A, B, was 'C'",
        "kinds | , | must not be empty",
        "flag | perhaps | must be true or false, was 'perhaps'",
        "name | ' ' | must not be empty",
      })
  void what_cannot_be_is_refused_with_its_rule(String path, String typed, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> field(path).read(typed))
        .withMessage(message);
  }

  @Test
  void an_optional_list_may_be_empty() {
    assertThat(field("members").read("  ")).isEqualTo(List.of());
    assertThat(field("members").read("a,\n b ,")).isEqualTo(List.of("a", "b"));
  }

  record Silent(int count) {}

  @Test
  void a_component_without_a_meaning_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SettingGroup.of(new Silent(1)))
        .withMessageContaining("Silent.count has no @Setting");
  }
}
