package org.alignmentworkbench.annotation.page;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.i18n.LocaleContextHolder;

/// How figures and times look on every page. An absent or non-finite figure is an en dash, never 0.
///
/// Digits and units are the same in every language, so that a figure on a page, in a file and in a
/// message can be compared at a glance. On a page that is written from right to left a figure of
/// more than plain digits is set apart (by U+2066 and U+2069), or its signs and units would be
/// drawn on the wrong side.
public final class Formats {
  /// Shown where there is no figure.
  public static final String NONE = "–";

  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

  private static final Set<String> RIGHT_TO_LEFT = Set.of("ar", "fa", "he", "ur");

  private final ZoneId zone;
  private final DateTimeFormatter full;
  private final DateTimeFormatter brief;
  private final DateTimeFormatter clock;

  /// Times are shown in this zone and always say so.
  public Formats(ZoneId zone) {
    // The plain offset would print as "Z".
    this.zone = zone.equals(ZoneOffset.UTC) ? ZoneId.of("UTC") : zone;
    this.full = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss zzz", Locale.ENGLISH);
    this.brief = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ENGLISH);
    this.clock = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ENGLISH);
  }

  /// The zone of all shown times.
  public ZoneId zone() {
    return zone;
  }

  /// Date, time and zone.
  public Moment moment(Instant instant) {
    var local = instant.atZone(zone);
    return new Moment(
        instant.toString(),
        apart(full.format(local)),
        apart(brief.format(local)),
        clock.format(local));
  }

  /// The same for a time that may not have come.
  public @Nullable Moment momentOrNull(@Nullable Instant instant) {
    return instant == null ? null : moment(instant);
  }

  /// A whole number with thin groups: `12,345`.
  public String number(long value) {
    return String.format(Locale.ENGLISH, "%,d", value);
  }

  /// A figure with a fixed number of digits after the point.
  public String decimal(double value, int digits) {
    return Double.isFinite(value)
        ? minus(positiveZero(String.format(Locale.ENGLISH, "%,." + digits + "f", value)))
        : NONE;
  }

  /// A figure with some significant digits, for values of unknown size such as losses.
  public String significant(double value, int digits) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    if (size < 1e-4 || size >= 1e7) {
      return minus(String.format(Locale.ENGLISH, "%." + (digits - 1) + "e", value));
    }
    int exponent = (int) Math.floor(Math.log10(size));
    return decimal(value, Math.max(0, digits - 1 - exponent));
  }

  /// A share of one as a percentage: `0.4567` is `45.7 %`.
  public String percent(double share) {
    return Double.isFinite(share) ? apart(plain(100 * share) + " %") : NONE;
  }

  /// An interval of shares in percent: `41.2 – 50.3 %`.
  public String percentInterval(double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? apart(plain(100 * low) + " – " + plain(100 * high) + " %")
        : NONE;
  }

  /// A difference of shares in percentage points, always with its sign.
  public String points(double difference) {
    return Double.isFinite(difference) ? apart(signed(difference)) : NONE;
  }

  /// An interval of such differences: `−0.4 to +3.1`. A dash between signs would be read as one.
  public String pointsInterval(double low, double high) {
    return Double.isFinite(low) && Double.isFinite(high)
        ? apart(signed(low) + (rightToLeft() ? " … " : " to ") + signed(high))
        : NONE;
  }

  private static String plain(double value) {
    return positiveZero(String.format(Locale.ENGLISH, "%,.1f", value)).replace('-', '−');
  }

  private static String signed(double difference) {
    return String.format(Locale.ENGLISH, "%+.1f", 100 * difference).replace('-', '−');
  }

  /// What is rounded to zero has no sign.
  private static String positiveZero(String number) {
    return number.startsWith("-") && number.chars().noneMatch(c -> c >= '1' && c <= '9')
        ? number.substring(1)
        : number;
  }

  /// The sign of a negative number, as wide as a plus.
  private static String minus(String number) {
    return number.startsWith("-") ? apart("−" + number.substring(1)) : number;
  }

  private static boolean rightToLeft() {
    return RIGHT_TO_LEFT.contains(LocaleContextHolder.getLocale().getLanguage());
  }

  /// Keeps a figure's parts in their order within a text that runs the other way.
  private static String apart(String figure) {
    return rightToLeft() ? "\u2066" + figure + "\u2069" : figure;
  }

  /// A size in the largest binary unit that keeps at least one whole digit.
  public String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < BYTE_UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return apart((unit == 0 ? number(bytes) : decimal(value, 1)) + " " + BYTE_UNITS[unit]);
  }

  /// A duration in at most two units: `850 ms`, `42 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`.
  public String duration(Duration duration) {
    return apart(spelled(duration));
  }

  private static String spelled(Duration duration) {
    long millis = Math.max(0, duration.toMillis());
    if (millis < 1000) {
      return millis + " ms";
    }
    long seconds = millis / 1000;
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ENGLISH, "%d min %02d s", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ENGLISH, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
    }
    return String.format(Locale.ENGLISH, "%d d %d h", seconds / 86_400, seconds % 86_400 / 3600);
  }

  /// The first characters of a hash; the whole one belongs in a title or a link.
  public String shortHash(String sha256) {
    return sha256.length() <= 12 ? sha256 : sha256.substring(0, 12);
  }

  /// The first characters of a text on one line, cut at a whole code point.
  public String excerpt(String text, int codePoints) {
    String line = text.strip().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) <= codePoints) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, codePoints)).stripTrailing() + "…";
  }
}
