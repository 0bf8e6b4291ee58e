package org.alignmentworkbench.synthetic.task;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import org.alignmentworkbench.synthetic.world.Draw;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// What a message is about: its scene, the values of the scene's slots, and what was asked.
///
/// @param scene the family's name
/// @param slots value by slot; sums also hold `answer`
/// @param variant which of the family's wordings the message has
/// @param request what exactly is asked: "yes" or "no" for a reply, a tone for a rewrite, the keys
///   for a JSON record (joined by commas), else ""
public record Facts(String scene, SequencedMap<String, String> slots, int variant, String request) {

  private static final Pattern COMMA = Pattern.compile(",");

  public Facts {
    slots = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(slots));
    int wordings = Scenes.named(scene).messages().size();
    if (variant < 0 || variant >= wordings) {
      throw new IllegalArgumentException(
          "variant of " + scene + " must be in [0, " + wordings + "), was " + variant);
    }
  }

  /// The message's text.
  public String message() {
    return SceneFamily.fill(family().messages().get(variant), slots);
  }

  /// What a good answer says, as it stands in the message (or follows from it).
  public List<String> keyFacts() {
    if (!request.isEmpty() && family().answers().get(request) == null) {
      return requestedKeys().stream().map(this::slot).toList();
    }
    List<String> facts = new ArrayList<>();
    for (String key : family().keyFacts()) {
      facts.addAll(key.startsWith("=") ? List.of(key.substring(1)) : Lexicon.parts(slot(key)));
    }
    return facts;
  }

  /// Everything an answer may mention without making it up.
  public Set<String> known() {
    Set<String> known = new LinkedHashSet<>(Lexicon.mentions(message()));
    // The slots too: "from 3 pm to 7 pm" mentions two times, and an answer may say "7 minus 3".
    slots.values().forEach(value -> known.addAll(Lexicon.mentions(value)));
    return known;
  }

  /// A slot's value.
  public String slot(String key) {
    String value = slots.get(key);
    if (value == null) {
      throw new IllegalArgumentException("scene " + scene + " has no slot " + key);
    }
    return value;
  }

  /// The keys of the wanted JSON record.
  public List<String> requestedKeys() {
    return COMMA.splitAsStream(request).toList();
  }

  /// The same facts with one of them wrong, as somebody remembers them who read too fast: the
  /// answer of a sum is off by one or two, anything else is another value of its slot. What comes
  /// out belongs to the same split, so an error never tells of a held-out scene.
  public Facts withOneWrong(Draw draw) {
    SequencedMap<String, String> wrong = new LinkedHashMap<>(slots);
    String answer = slots.get("answer");
    if (answer != null) {
      int off = draw.pick(List.of(-2, -1, 1, 2));
      wrong.put("answer", Integer.toString(Math.clamp(Integer.parseInt(answer) + off, 0, 20)));
      return new Facts(scene, wrong, variant, request);
    }
    String message = message();
    while (true) {
      Slot slot = draw.pick(family().slots());
      List<String> parts = new ArrayList<>(Lexicon.parts(slot(slot.key())));
      parts.set(
          draw.below(parts.size()),
          draw.pick(
              slot.values().stream().filter(value -> !Lexicon.says(message, value)).toList()));
      wrong.put(slot.key(), Lexicon.joined(parts));
      Facts facts = new Facts(scene, wrong, variant, request);
      if (Partition.of(facts) == Partition.of(this)) {
        return facts;
      }
      wrong.put(slot.key(), slot(slot.key()));
    }
  }

  SceneFamily family() {
    return Scenes.named(scene);
  }

  JsonObject toJson() {
    JsonObject values = new JsonObject();
    slots.forEach(values::addProperty);
    JsonObject json = new JsonObject();
    json.addProperty("scene", scene);
    json.add("slots", values);
    json.addProperty("variant", variant);
    json.addProperty("request", request);
    return json;
  }

  static Facts fromJson(JsonObject json) {
    SequencedMap<String, String> slots = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> slot : json.get("slots").getAsJsonObject().entrySet()) {
      slots.put(slot.getKey(), slot.getValue().getAsString());
    }
    return new Facts(
        json.get("scene").getAsString(),
        slots,
        json.get("variant").getAsInt(),
        json.get("request").getAsString());
  }
}
