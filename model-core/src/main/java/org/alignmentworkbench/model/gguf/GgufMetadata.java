package org.alignmentworkbench.model.gguf;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// What a file says about itself, read by name; a value of another kind is refused with file, key
/// and value.
public final class GgufMetadata {
  private final Path file;
  private final SequencedMap<String, GgufValue> pairs;

  GgufMetadata(Path file, SequencedMap<String, GgufValue> pairs) {
    this.file = file;
    this.pairs = Collections.unmodifiableSequencedMap(pairs);
  }

  /// Every pair, in the order of the file.
  public SequencedMap<String, GgufValue> pairs() {
    return pairs;
  }

  /// Whether there is a value.
  public boolean has(String key) {
    return pairs.containsKey(key);
  }

  /// A text.
  public Optional<String> text(String key) {
    return switch (pairs.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Text(String value) -> Optional.of(value);
      case GgufValue other -> throw wrong(key, "a string", other);
    };
  }

  /// A whole number of any kind that is not negative and fits an int.
  public OptionalInt whole(String key) {
    return switch (pairs.get(key)) {
      case null -> OptionalInt.empty();
      case GgufValue.Whole(_, long value) when value >= 0 && value <= Integer.MAX_VALUE ->
          OptionalInt.of((int) value);
      case GgufValue other -> throw wrong(key, "a whole number from 0 to 2^31 - 1", other);
    };
  }

  /// A whole number that must be there.
  public int needWhole(String key) {
    return whole(key).orElseThrow(() -> missing(key));
  }

  /// A number; of a FLOAT32 the shortest decimal that reads back as it.
  public Optional<Double> real(String key) {
    return switch (pairs.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Real value -> Optional.of(value.shortest());
      case GgufValue other -> throw wrong(key, "a floating-point number", other);
    };
  }

  /// True or false.
  public Optional<Boolean> flag(String key) {
    return switch (pairs.get(key)) {
      case null -> Optional.empty();
      case GgufValue.Flag(boolean value) -> Optional.of(value);
      case GgufValue other -> throw wrong(key, "true or false", other);
    };
  }

  /// A list of texts that must be there.
  public List<String> texts(String key) {
    if (pairs.get(key) instanceof GgufValue.Many(GgufValue.Kind of, List<GgufValue> values)
        && (of == GgufValue.Kind.STRING || values.isEmpty())) {
      return values.stream().map(value -> ((GgufValue.Text) value).value()).toList();
    }
    throw wrongOrMissing(key, "a list of strings");
  }

  /// A list of whole numbers that must be there.
  public int[] wholes(String key) {
    if (pairs.get(key) instanceof GgufValue.Many(_, List<GgufValue> values)
        && values.stream().allMatch(GgufMetadata::isInt)) {
      return values.stream().mapToInt(value -> (int) ((GgufValue.Whole) value).value()).toArray();
    }
    throw wrongOrMissing(key, "a list of whole numbers below 2^31");
  }

  private static boolean isInt(GgufValue value) {
    return value instanceof GgufValue.Whole(_, long whole) && whole == (int) whole;
  }

  /// The refusal of a value, with its place.
  IllegalArgumentException refused(String key, String why) {
    return new IllegalArgumentException(file + ": " + key + " = " + pairs.get(key) + " " + why);
  }

  private IllegalArgumentException wrongOrMissing(String key, String wanted) {
    GgufValue value = pairs.get(key);
    return value == null ? missing(key) : wrong(key, wanted, value);
  }

  /// The refusal of a file that lacks a value.
  IllegalArgumentException missing(String key) {
    return new IllegalArgumentException(file + ": " + key + " is missing");
  }

  private IllegalArgumentException wrong(String key, String wanted, GgufValue value) {
    return new IllegalArgumentException(
        file + ": " + key + " must be " + wanted + ", was " + value.kind() + " " + value);
  }
}
