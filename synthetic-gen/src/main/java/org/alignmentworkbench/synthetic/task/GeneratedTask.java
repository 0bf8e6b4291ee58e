package org.alignmentworkbench.synthetic.task;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.check.CheckJson;

/// One prompt with what is needed to verify an answer.
///
/// @param key names it within its project: seed, split, kind and number
/// @param template the wording it was made with: scene, message, instruction and layout
/// @param prompt what the user says to the assistant
/// @param checks what an answer must hold to; substance first, then the constraints of form in the
///   order in which the prompt names them
/// @param facts what the message is about
public record GeneratedTask(
    String key,
    Split split,
    TaskKind kind,
    String template,
    String prompt,
    List<Check> checks,
    Facts facts) {

  public GeneratedTask {
    checks = List.copyOf(checks);
    if (checks.isEmpty()) {
      throw new IllegalArgumentException("task " + key + " has no checks");
    }
    if (prompt.isBlank()) {
      throw new IllegalArgumentException("task " + key + " has a blank prompt");
    }
  }

  /// True when the wording is one that only the held-out split uses.
  public boolean heldOutTemplate() {
    return template.endsWith("/held-out");
  }

  public String toJson() {
    JsonArray checkList = new JsonArray();
    checks.forEach(check -> checkList.add(CheckJson.write(check)));
    JsonObject json = new JsonObject();
    json.addProperty("key", key);
    json.addProperty("split", split.name());
    json.addProperty("kind", kind.name());
    json.addProperty("template", template);
    json.addProperty("prompt", prompt);
    json.add("checks", checkList);
    json.add("facts", facts.toJson());
    return json.toString();
  }

  public static GeneratedTask fromJson(String text) {
    JsonObject json = JsonParser.parseString(text).getAsJsonObject();
    List<Check> checks = new ArrayList<>();
    json.get("checks")
        .getAsJsonArray()
        .forEach(check -> checks.add(CheckJson.read(check.getAsJsonObject())));
    return new GeneratedTask(
        json.get("key").getAsString(),
        Split.valueOf(json.get("split").getAsString()),
        TaskKind.valueOf(json.get("kind").getAsString()),
        json.get("template").getAsString(),
        json.get("prompt").getAsString(),
        checks,
        Facts.fromJson(json.get("facts").getAsJsonObject()));
  }
}
