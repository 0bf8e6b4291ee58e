package org.alignmentworkbench.synthetic.check;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Checks as JSON objects with a `type`, for the prompt's stored task.
public final class CheckJson {
  private CheckJson() {}

  public static JsonObject write(Check check) {
    return switch (check) {
      case Check.MaxWords c -> with("max-words", "limit", c.limit());
      case Check.MinWords c -> with("min-words", "limit", c.limit());
      case Check.HasKeyword c -> with("has-keyword", "keyword", c.keyword());
      case Check.LacksKeyword c -> with("lacks-keyword", "keyword", c.keyword());
      case Check.AllLowerCase _ -> type("all-lower-case");
      case Check.AllCaps _ -> type("all-caps");
      case Check.StartsWith c -> with("starts-with", "phrase", c.phrase());
      case Check.EndsWith c -> with("ends-with", "phrase", c.phrase());
      case Check.ListLines c -> with("list-lines", "count", c.count());
      case Check.NoDigits _ -> type("no-digits");
      case Check.OneSentence _ -> type("one-sentence");
      case Check.OneLine _ -> type("one-line");
      case Check.MentionsFacts c -> {
        JsonArray facts = new JsonArray();
        c.facts().forEach(facts::add);
        JsonObject json = type("mentions-facts");
        json.add("facts", facts);
        yield json;
      }
      case Check.JsonObjectWith c -> {
        JsonObject values = new JsonObject();
        c.values().forEach(values::addProperty);
        JsonObject json = type("json-object");
        json.add("values", values);
        yield json;
      }
      case Check.NumberAnswer c -> with("number-answer", "answer", c.answer());
      case Check.InStyle c -> with("in-style", "style", c.style().word());
      case Check.TakesStance c -> with("takes-stance", "stance", c.accepts() ? "yes" : "no");
    };
  }

  public static Check read(JsonObject json) {
    String type = json.get("type").getAsString();
    return switch (type) {
      case "max-words" -> new Check.MaxWords(json.get("limit").getAsInt());
      case "min-words" -> new Check.MinWords(json.get("limit").getAsInt());
      case "has-keyword" -> new Check.HasKeyword(json.get("keyword").getAsString());
      case "lacks-keyword" -> new Check.LacksKeyword(json.get("keyword").getAsString());
      case "all-lower-case" -> new Check.AllLowerCase();
      case "all-caps" -> new Check.AllCaps();
      case "starts-with" -> new Check.StartsWith(json.get("phrase").getAsString());
      case "ends-with" -> new Check.EndsWith(json.get("phrase").getAsString());
      case "list-lines" -> new Check.ListLines(json.get("count").getAsInt());
      case "no-digits" -> new Check.NoDigits();
      case "one-sentence" -> new Check.OneSentence();
      case "one-line" -> new Check.OneLine();
      case "mentions-facts" -> {
        List<String> facts = new ArrayList<>();
        json.get("facts").getAsJsonArray().forEach(fact -> facts.add(fact.getAsString()));
        yield new Check.MentionsFacts(facts);
      }
      case "json-object" -> {
        SequencedMap<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonElement> entry :
            json.get("values").getAsJsonObject().entrySet()) {
          values.put(entry.getKey(), entry.getValue().getAsString());
        }
        yield new Check.JsonObjectWith(values);
      }
      case "number-answer" -> new Check.NumberAnswer(json.get("answer").getAsInt());
      case "in-style" -> new Check.InStyle(Style.of(json.get("style").getAsString()));
      case "takes-stance" -> new Check.TakesStance(json.get("stance").getAsString().equals("yes"));
      default -> throw new IllegalArgumentException("unknown check type " + type);
    };
  }

  private static JsonObject type(String type) {
    JsonObject json = new JsonObject();
    json.addProperty("type", type);
    return json;
  }

  private static JsonObject with(String type, String key, Number value) {
    JsonObject json = type(type);
    json.addProperty(key, value);
    return json;
  }

  private static JsonObject with(String type, String key, String value) {
    JsonObject json = type(type);
    json.addProperty(key, value);
    return json;
  }
}
