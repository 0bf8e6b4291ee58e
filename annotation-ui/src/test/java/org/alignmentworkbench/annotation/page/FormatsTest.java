package org.alignmentworkbench.annotation.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.springframework.context.i18n.LocaleContextHolder;

class FormatsTest {
  private final Formats formats = new Formats(ZoneId.of("Europe/Zurich"));

  @Test
  void a_time_says_its_zone() {
    Moment moment = formats.moment(Instant.parse("2026-07-01T12:03:04Z"));
    assertThat(moment.text()).isEqualTo("2026-07-01 14:03:04 CEST");
    assertThat(moment.brief()).isEqualTo("2026-07-01 14:03");
    assertThat(moment.clock()).isEqualTo("14:03:04");
    assertThat(moment.iso()).isEqualTo("2026-07-01T12:03:04Z");
  }

  @Test
  void an_undefined_figure_is_a_dash_and_never_zero() {
    assertThat(formats.decimal(Double.NaN, 2)).isEqualTo("–");
    assertThat(formats.percent(Double.POSITIVE_INFINITY)).isEqualTo("–");
    assertThat(formats.percentInterval(0.1, Double.NaN)).isEqualTo("–");
    assertThat(formats.points(Double.NaN)).isEqualTo("–");
    assertThat(formats.significant(Double.NaN, 3)).isEqualTo("–");
  }

  @Test
  void figures_have_groups_signs_and_units() {
    assertThat(formats.number(1_234_567)).isEqualTo("1,234,567");
    assertThat(formats.percent(0.4567)).isEqualTo("45.7 %");
    assertThat(formats.percentInterval(0.412, 0.503)).isEqualTo("41.2 – 50.3 %");
    assertThat(formats.points(0.0312)).isEqualTo("+3.1");
    assertThat(formats.points(-0.0312)).isEqualTo("−3.1");
    assertThat(formats.pointsInterval(-0.0041, 0.0312)).isEqualTo("−0.4 to +3.1");
    assertThat(formats.pointsInterval(Double.NaN, 0.0312)).isEqualTo("–");
    assertThat(formats.decimal(-0.155, 3)).isEqualTo("−0.155");
    // What rounds to zero is not below it.
    assertThat(formats.decimal(-0.0004, 3)).isEqualTo("0.000");
    assertThat(formats.decimal(-0.0006, 3)).isEqualTo("−0.001");
    assertThat(formats.percent(-0.0001)).isEqualTo("0.0 %");
    assertThat(formats.bytes(0)).isEqualTo("0 B");
    assertThat(formats.bytes(1023)).isEqualTo("1,023 B");
    assertThat(formats.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(formats.bytes(3L << 40)).isEqualTo("3.0 TiB");
  }

  @Test
  void significant_digits_hold_over_the_whole_range() {
    assertThat(formats.significant(0, 3)).isEqualTo("0");
    assertThat(formats.significant(2.71828, 3)).isEqualTo("2.72");
    assertThat(formats.significant(0.0012345, 3)).isEqualTo("0.00123");
    assertThat(formats.significant(0.12345, 3)).isEqualTo("0.123");
    assertThat(formats.significant(12345.6, 3)).isEqualTo("12,346");
    assertThat(formats.significant(2.5e-6, 3)).isEqualTo("2.50e-06");
    assertThat(formats.significant(-3e9, 3)).isEqualTo("−3.00e+09");
  }

  @Test
  void a_duration_has_at_most_two_units() {
    assertThat(formats.duration(Duration.ofMillis(850))).isEqualTo("850 ms");
    assertThat(formats.duration(Duration.ofSeconds(42))).isEqualTo("42 s");
    assertThat(formats.duration(Duration.ofSeconds(185))).isEqualTo("3 min 05 s");
    assertThat(formats.duration(Duration.ofMinutes(127))).isEqualTo("2 h 07 min");
    assertThat(formats.duration(Duration.ofHours(76))).isEqualTo("3 d 4 h");
    assertThat(formats.duration(Duration.ofSeconds(-1))).isEqualTo("0 ms");
  }

  @Test
  void on_a_page_from_right_to_left_a_figure_keeps_its_order() {
    LocaleContextHolder.setLocale(Locale.of("ar"));
    try {
      assertThat(formats.percentInterval(0.412, 0.503)).isEqualTo("\u206641.2 – 50.3 %\u2069");
      assertThat(formats.pointsInterval(-0.0041, 0.0312)).isEqualTo("\u2066−0.4 … +3.1\u2069");
      assertThat(formats.duration(Duration.ofSeconds(185))).isEqualTo("\u20663 min 05 s\u2069");
      assertThat(formats.decimal(-0.155, 3)).isEqualTo("\u2066−0.155\u2069");
      assertThat(formats.moment(Instant.parse("2026-07-01T12:03:04Z")).brief())
          .isEqualTo("\u20662026-07-01 14:03\u2069");
      // Plain digits have one order, and digits are the same everywhere.
      assertThat(formats.number(1_234_567)).isEqualTo("1,234,567");
    } finally {
      LocaleContextHolder.resetLocaleContext();
    }
  }

  @Test
  void an_excerpt_never_cuts_a_code_point() {
    assertThat(formats.excerpt("a  b\nc", 10)).isEqualTo("a b c");
    // Each of these is one code point in two Java chars.
    assertThat(formats.excerpt("😀😀😀", 2)).isEqualTo("😀😀…");
  }
}
