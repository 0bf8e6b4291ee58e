package org.alignmentworkbench.model.dataset.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// An object: members in the order of the text.
///
/// @param members by name
public record JsonObject(SequencedMap<String, JsonValue> members) implements JsonValue {
  /// An object without members.
  public static final JsonObject EMPTY = new JsonObject(new LinkedHashMap<>());

  public JsonObject {
    members = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(members));
  }

  /// The member of a name, or null where there is none.
  public @Nullable JsonValue get(String name) {
    return members.get(name);
  }

  public boolean has(String name) {
    return members.containsKey(name);
  }

  /// The text of a string member, or null where there is no such string.
  public @Nullable String text(String name) {
    return get(name) instanceof JsonString string ? string.text() : null;
  }

  /// The number of a number member, or null where there is no such number.
  public @Nullable Double number(String name) {
    return get(name) instanceof JsonNumber number ? (Double) number.asDouble() : null;
  }

  /// An object made member by member.
  public static Builder with(String name, JsonValue value) {
    return new Builder().with(name, value);
  }

  /// Members in the order in which they are added.
  public static final class Builder {
    private final SequencedMap<String, JsonValue> members = new LinkedHashMap<>();

    public Builder with(String name, JsonValue value) {
      members.put(name, value);
      return this;
    }

    /// A string, or null.
    public Builder with(String name, @Nullable String text) {
      return with(name, text == null ? JsonNull.NULL : new JsonString(text));
    }

    /// An integer, or null.
    public Builder with(String name, @Nullable Long number) {
      return with(name, number == null ? JsonNull.NULL : JsonNumber.of(number));
    }

    /// True or false.
    public Builder with(String name, boolean flag) {
      return with(name, flag ? JsonBoolean.TRUE : JsonBoolean.FALSE);
    }

    public JsonObject build() {
      return new JsonObject(members);
    }
  }
}
