package org.alignmentworkbench.model.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.model.dataset.Turn.Role;
import org.alignmentworkbench.model.dataset.json.JsonArray;
import org.alignmentworkbench.model.dataset.json.JsonNull;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonValue;
import org.jspecify.annotations.Nullable;

/// Takes the fields of one row and notes what is wrong with them. What it returns after a fault is
/// good enough to look for further ones.
final class Fields {
  private static final Map<String, Role> ROLES =
      Map.of("system", Role.SYSTEM, "user", Role.USER, "assistant", Role.ASSISTANT);
  private static final Map<String, Role> SHAREGPT_ROLES =
      Map.of(
          "system", Role.SYSTEM,
          "human", Role.USER,
          "user", Role.USER,
          "gpt", Role.ASSISTANT,
          "assistant", Role.ASSISTANT);

  private final JsonObject row;
  private final Faults faults;

  Fields(JsonObject row, Faults faults) {
    this.row = row;
    this.faults = faults;
  }

  Faults faults() {
    return faults;
  }

  /// A field that must be there and not null.
  @Nullable JsonValue required(String name) {
    JsonValue value = row.get(name);
    if (value == null) {
      faults.add(Code.MISSING_FIELD, name + " is missing");
    } else if (value == JsonNull.NULL) {
      faults.add(Code.NULL_CONTENT, name + " is null");
      return null;
    }
    return value;
  }

  /// A text with at least one visible character.
  String text(String name) {
    JsonValue value = required(name);
    return value == null ? "" : text(name, value);
  }

  /// A text that may be missing, null or empty.
  String optionalText(String name) {
    return switch (row.get(name)) {
      case null -> "";
      case JsonNull _ -> "";
      case JsonString string -> string.text();
      case JsonValue other -> {
        wrongType(name, "a string", other);
        yield "";
      }
    };
  }

  private String text(String place, JsonValue value) {
    if (!(value instanceof JsonString string)) {
      wrongType(place, "a string", value);
      return "";
    }
    if (string.text().isBlank()) {
      faults.add(Code.EMPTY_CONTENT, place + " is empty");
    }
    return string.text();
  }

  void wrongType(String place, String expected, JsonValue actual) {
    faults.add(Code.WRONG_TYPE, place + " must be " + expected + ", is " + actual.kind());
  }

  /// A dialogue of OpenAI-style messages.
  List<Turn> messages(String name) {
    JsonValue value = required(name);
    return value == null ? List.of() : turns(name, value, "role", "content", ROLES);
  }

  /// A dialogue of ShareGPT-style turns.
  List<Turn> conversations(String name) {
    JsonValue value = required(name);
    return value == null ? List.of() : turns(name, value, "from", "value", SHAREGPT_ROLES);
  }

  List<Turn> messages(String name, JsonValue value) {
    return turns(name, value, "role", "content", ROLES);
  }

  private List<Turn> turns(
      String name, JsonValue value, String roleName, String textName, Map<String, Role> roles) {
    if (!(value instanceof JsonArray array)) {
      wrongType(name, "a list", value);
      return List.of();
    }
    if (array.elements().isEmpty()) {
      faults.add(Code.EMPTY_MESSAGES, name + " has no turn");
    }
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < array.elements().size(); i++) {
      String place = name + "[" + i + "]";
      if (!(array.elements().get(i) instanceof JsonObject turn)) {
        wrongType(place, "an object", array.elements().get(i));
        continue;
      }
      String content = content(place + "." + textName, turn.get(textName));
      @Nullable Role role = role(place + "." + roleName, turn.get(roleName), roles);
      if (role != null) {
        turns.add(new Turn(role, content));
      }
    }
    return turns;
  }

  private String content(String place, @Nullable JsonValue value) {
    return switch (value) {
      case null -> {
        faults.add(Code.MISSING_FIELD, place + " is missing");
        yield "";
      }
      case JsonNull _ -> {
        faults.add(Code.NULL_CONTENT, place + " is null");
        yield "";
      }
      case JsonValue some -> text(place, some);
    };
  }

  private @Nullable Role role(String place, @Nullable JsonValue value, Map<String, Role> roles) {
    if (value == null) {
      faults.add(Code.MISSING_FIELD, place + " is missing");
      return null;
    }
    if (!(value instanceof JsonString name)) {
      wrongType(place, "a string", value);
      return null;
    }
    Role role = roles.get(name.text());
    if (role == null) {
      faults.add(
          Code.UNKNOWN_ROLE,
          place
              + " must be one of "
              + String.join(", ", roles.keySet().stream().sorted().toList())
              + ", was \""
              + name.text()
              + "\"");
    }
    return role;
  }
}
