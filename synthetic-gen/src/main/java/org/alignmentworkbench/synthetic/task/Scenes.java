package org.alignmentworkbench.synthetic.task;

import static org.alignmentworkbench.synthetic.task.TaskKind.ARITHMETIC;
import static org.alignmentworkbench.synthetic.task.TaskKind.EXTRACT_JSON;
import static org.alignmentworkbench.synthetic.task.TaskKind.LIST_ITEMS;
import static org.alignmentworkbench.synthetic.task.TaskKind.REPLY;
import static org.alignmentworkbench.synthetic.task.TaskKind.REWRITE;
import static org.alignmentworkbench.synthetic.task.TaskKind.SUMMARISE_NOTIFICATION;
import static org.alignmentworkbench.synthetic.task.TaskKind.SUMMARISE_THREAD;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// The table of scene families.
final class Scenes {
  private static final List<String> MINUTES = List.of("5", "10", "15", "20", "30");

  private static final Slot A = Slot.one("a", Lexicon.NAMES);
  private static final Slot B = Slot.one("b", Lexicon.NAMES);
  private static final Slot NAME = Slot.one("name", Lexicon.NAMES);
  private static final Slot DAY = Slot.one("day", Lexicon.DAYS);
  private static final Slot NEW_DAY = Slot.one("newDay", Lexicon.DAYS);
  private static final Slot TIME = Slot.one("time", Lexicon.TIMES);
  private static final Slot PLACE = Slot.one("place", Lexicon.PLACES);
  private static final Slot CITY = Slot.one("city", Lexicon.CITIES);
  private static final Slot EVENT = Slot.one("event", Lexicon.EVENTS);
  private static final Slot OBJECT = Slot.one("object", Lexicon.OBJECTS);

  static final List<SceneFamily> ALL =
      List.of(
          notification(
              "moved",
              List.of(EVENT, NAME, DAY, NEW_DAY, TIME),
              List.of(
                  "Calendar: {Event} with {name} moved from {day} to {newDay} at {time}.",
                  "Calendar: Your {event} with {name} on {day} is now on {newDay} at {time}."),
              List.of(
                  "{Event} moved to {newDay}.",
                  "{Event} is now on {newDay} at {time}.",
                  "{Event} with {name} moved to {newDay}.",
                  "{Event} with {name} is now on {newDay} at {time}.",
                  "Your {event} with {name} moved from {day} to {newDay} at {time}.",
                  "Your {event} with {name} is not on {day}. It is now on {newDay} at {time}."),
              List.of("event", "newDay"),
              List.of("event", "name", "time")),
          notification(
              "parcel",
              List.of(NAME, DAY, TIME, PLACE),
              List.of(
                  "Post: A parcel from {name} comes on {day} at {time}. It will be left at the"
                      + " {place}.",
                  "Post: {name} sent you a parcel. It comes to the {place} on {day} at {time}."),
              List.of(
                  "A parcel comes on {day}.",
                  "A parcel from {name} comes on {day}.",
                  "A parcel comes to the {place} on {day}.",
                  "A parcel from {name} comes on {day} at {time}.",
                  "A parcel from {name} comes to the {place} on {day} at {time}.",
                  "{name} sent you a parcel. It comes to the {place} on {day} at {time}."),
              List.of("=parcel", "day"),
              List.of("name", "day", "time", "place")),
          notification(
              "payment",
              List.of(NAME, Slot.number("amount", 5, 60), EVENT, DAY),
              List.of(
                  "Bank: {name} paid you {amount} euros for {event} on {day}.",
                  "Bank: You got {amount} euros from {name} on {day}. It is for {event}."),
              List.of(
                  "{name} paid you.",
                  "{name} paid you for {event}.",
                  "{name} paid you {amount} euros.",
                  "You got {amount} euros from {name}.",
                  "{name} paid you for {event} on {day}.",
                  "{name} paid you {amount} euros for {event}.",
                  "{name} paid you {amount} euros for {event} on {day}.",
                  "You got {amount} euros from {name} on {day}. It is for {event}."),
              List.of("name"),
              List.of("name", "amount", "event", "day")),
          notification(
              "train",
              List.of(CITY, DAY, TIME, Slot.number("platform", 1, 12)),
              List.of(
                  "Train: The train to {city} on {day} is late. It now leaves at {time} from"
                      + " platform {platform}.",
                  "Train: Your train to {city} is late. It leaves on {day} at {time} from platform"
                      + " {platform}."),
              List.of(
                  "The train to {city} is late.",
                  "The train to {city} on {day} is late.",
                  "The train to {city} now leaves at {time}.",
                  "The train to {city} leaves on {day} at {time}.",
                  "The train to {city} now leaves at {time} from platform {platform}.",
                  "The train to {city} is late. It leaves on {day} at {time} from platform"
                      + " {platform}."),
              List.of("city"),
              List.of("city", "day", "time", "platform")),
          notification(
              "visit",
              List.of(NAME, DAY, TIME, Slot.one("minutes", MINUTES)),
              List.of(
                  "Clinic: You have a visit with Doctor {name} on {day} at {time}. Please come"
                      + " {minutes} minutes early.",
                  "Clinic: Doctor {name} will see you on {day} at {time}. Please be {minutes}"
                      + " minutes early."),
              List.of(
                  "You have a visit on {day}.",
                  "You see Doctor {name} on {day}.",
                  "You have a visit on {day} at {time}.",
                  "You see Doctor {name} on {day} at {time}.",
                  "You have a visit with Doctor {name} on {day} at {time}.",
                  "You see Doctor {name} on {day} at {time}. Come {minutes} minutes early."),
              List.of("day"),
              List.of("name", "day", "time", "minutes")),
          thread(
              "plan",
              List.of(A, B, EVENT, DAY, TIME, PLACE, OBJECT),
              List.of(
                  """
                  {a}: Are we still on for {event} on {day}?
                  {b}: Yes, at {time} at the {place}.
                  {a}: Great, I will bring the {object}.\
                  """,
                  """
                  {a}: Do you want to come to {event} on {day}?
                  {b}: Yes, where is it?
                  {a}: At the {place} at {time}. I will bring the {object}.
                  {b}: Great, see you there.\
                  """),
              List.of(
                  "{a} and {b} meet for {event}.",
                  "{a} and {b} meet on {day}.",
                  "{a} and {b} meet for {event} on {day}.",
                  "{a} and {b} meet for {event} on {day} at {time}.",
                  "{a} and {b} meet for {event} at the {place} on {day}.",
                  "{a} and {b} meet for {event} on {day}. {a} brings the {object}.",
                  "{a} and {b} meet for {event} at the {place} on {day} at {time}. {a} brings the"
                      + " {object}."),
              List.of("a", "b")),
          thread(
              "change",
              List.of(A, B, EVENT, DAY, NEW_DAY, TIME),
              List.of(
                  """
                  {a}: I cannot come to {event} on {day}.
                  {b}: No problem. Is {newDay} at {time} better?
                  {a}: Yes, {newDay} is good.\
                  """,
                  """
                  {a}: Can we move {event} from {day} to {newDay}?
                  {b}: Yes, {newDay} at {time} is good.\
                  """),
              List.of(
                  "{Event} is now on {newDay}.",
                  "{a} and {b} moved {event} to {newDay}.",
                  "{Event} with {a} is now on {newDay} at {time}.",
                  "{a} and {b} moved {event} to {newDay} at {time}.",
                  "{a} and {b} moved {event} from {day} to {newDay} at {time}.",
                  "{a} cannot come on {day}. {a} and {b} moved {event} to {newDay} at {time}."),
              List.of("newDay")),
          thread(
              "help",
              List.of(A, B, OBJECT, PLACE, DAY),
              List.of(
                  """
                  {a}: Who can bring the {object} to the {place}?
                  {b}: I can do it on {day}.
                  {a}: Thank you, {b}.\
                  """,
                  """
                  {a}: I need the {object} at the {place}.
                  {b}: I will bring it on {day}.\
                  """),
              List.of(
                  "{b} will bring the {object}.",
                  "{b} brings the {object} on {day}.",
                  "{b} will bring the {object} to the {place}.",
                  "{b} will bring the {object} to the {place} on {day}.",
                  "{a} needs the {object}. {b} will bring it on {day}.",
                  "{a} needs the {object} at the {place}. {b} will bring it there on {day}."),
              List.of("b", "object")),
          thread(
              "lost",
              List.of(A, B, OBJECT, PLACE, TIME, DAY),
              List.of(
                  """
                  {a}: Did you see my {object}?
                  {b}: Yes, it is at the {place}.
                  {a}: Great, I will get it on {day} at {time}.\
                  """,
                  """
                  {b}: Your {object} is at the {place}.
                  {a}: Thank you, {b}. I will get it on {day} at {time}.\
                  """),
              List.of(
                  "The {object} is at the {place}.",
                  "{b} found the {object} at the {place}.",
                  "{a} will get the {object} on {day}.",
                  "{a} will get the {object} at the {place} on {day}.",
                  "{a} will get the {object} at the {place} on {day} at {time}.",
                  "{b} found the {object} at the {place}. {a} will get it on {day} at {time}."),
              List.of("object")),
          reply(
              "bring",
              List.of(NAME, OBJECT, EVENT, DAY),
              List.of(
                  "{name}: Can you bring the {object} to {event} on {day}?",
                  "{name}: We have {event} on {day}. Will you bring the {object}?"),
              List.of(
                  "Yes, I can bring the {object}.",
                  "Yes, I will bring the {object} on {day}.",
                  "Sure, I can bring the {object} to {event}.",
                  "Yes, I will bring the {object} to {event} on {day}.",
                  "Yes, I can do that. I will bring the {object} to {event} on {day}."),
              List.of(
                  "Sorry, I cannot bring the {object}.",
                  "Sorry, I cannot bring the {object} on {day}.",
                  "No, I cannot bring the {object} to {event}.",
                  "Sorry, I cannot bring the {object} to {event} on {day}.",
                  "Sorry, I cannot do that. I do not have the {object} for {event} on {day}."),
              List.of("object"),
              List.of("name", "object", "event", "day")),
          reply(
              "invite",
              List.of(NAME, EVENT, PLACE, DAY, TIME),
              List.of(
                  "{name}: Do you want to come to {event} at the {place} on {day} at {time}?",
                  "{name}: We meet for {event} at the {place} on {day} at {time}. Can you come?"),
              List.of(
                  "Yes, I will come to {event}.",
                  "Sure, I can come to {event} on {day}.",
                  "Yes, I will come to {event} at {time}.",
                  "Yes, I will come to {event} at the {place} on {day}.",
                  "Yes, I want to come. I will be at the {place} for {event} on {day} at {time}."),
              List.of(
                  "Sorry, I cannot come to {event}.",
                  "Sorry, I cannot come to {event} on {day}.",
                  "No, I cannot come to {event} at {time}.",
                  "Sorry, I cannot come to {event} at the {place} on {day}.",
                  "Sorry, I cannot come. I will not be at the {place} for {event} on {day} at"
                      + " {time}."),
              List.of("event"),
              List.of("name", "event", "place", "day", "time")),
          reply(
              "fetch",
              List.of(NAME, OBJECT, PLACE, DAY),
              List.of(
                  "{name}: I left the {object} at the {place}. Can you get it on {day}?",
                  "{name}: Can you get the {object} from the {place} on {day}?"),
              List.of(
                  "Yes, I can get the {object}.",
                  "Yes, I will get the {object} on {day}.",
                  "Sure, I can get the {object} from the {place}.",
                  "Yes, I will get the {object} from the {place} on {day}.",
                  "Yes, I can do that. I will get the {object} from the {place} on {day}."),
              List.of(
                  "Sorry, I cannot get the {object}.",
                  "Sorry, I cannot get the {object} on {day}.",
                  "No, I cannot get the {object} from the {place}.",
                  "Sorry, I cannot get the {object} from the {place} on {day}.",
                  "Sorry, I cannot do that. I will not be at the {place} for the {object} on"
                      + " {day}."),
              List.of("object"),
              List.of("name", "object", "place", "day")),
          reply(
              "late",
              List.of(NAME, Slot.one("minutes", MINUTES), EVENT, DAY),
              List.of(
                  "{name}: I will be {minutes} minutes late for {event} on {day}. Is that good?",
                  "{name}: Can I come {minutes} minutes late to {event} on {day}?"),
              List.of(
                  "Yes, you can be late for {event}.",
                  "Sure, {minutes} minutes late for {event} is good.",
                  "Yes, you can come late to {event} on {day}.",
                  "Yes, you can come {minutes} minutes late to {event} on {day}.",
                  "Yes, that is good. You can come {minutes} minutes late to {event} on {day}."),
              List.of(
                  "Sorry, you cannot be late for {event}.",
                  "No, {minutes} minutes late for {event} is not good.",
                  "Sorry, you cannot come late to {event} on {day}.",
                  "Sorry, you cannot come {minutes} minutes late to {event} on {day}.",
                  "Sorry, that is not good. You cannot come {minutes} minutes late to {event} on"
                      + " {day}."),
              List.of("event"),
              List.of("name", "minutes", "event", "day")),
          rewrite(
              "send",
              List.of(NAME, OBJECT, DAY, PLACE),
              List.of(
                  "send the {object} on {day}",
                  "send the {object} to the {place}",
                  "send the {object} to the {place} on {day}"),
              List.of("object")),
          rewrite(
              "come",
              List.of(NAME, EVENT, PLACE, TIME),
              List.of(
                  "come to {event} at {time}",
                  "come to {event} at the {place}",
                  "come to {event} at the {place} at {time}"),
              List.of("event")),
          rewrite(
              "carry",
              List.of(NAME, OBJECT, EVENT, DAY),
              List.of(
                  "bring the {object} on {day}",
                  "bring the {object} to {event}",
                  "bring the {object} to {event} on {day}"),
              List.of("object")),
          rewrite(
              "wait",
              List.of(NAME, PLACE, DAY, TIME),
              List.of(
                  "be at the {place} at {time}",
                  "be at the {place} on {day}",
                  "be at the {place} on {day} at {time}"),
              List.of("place")),
          list(
              "shopping",
              List.of(NAME, Slot.several("items", Lexicon.GROCERIES), DAY),
              List.of(
                  "{name}: Please buy {items} on {day}.",
                  "{name}: We need {items} for {day}. Can you buy it?"),
              "what to buy"),
          list(
              "packing",
              List.of(NAME, Slot.several("items", Lexicon.OBJECTS), EVENT),
              List.of(
                  "{name}: Please bring the {items} to {event}.",
                  "{name}: We need the {items} for {event}. Can you bring it?"),
              "what to bring"),
          list(
              "guests",
              List.of(NAME, Slot.several("items", Lexicon.NAMES), EVENT, DAY),
              List.of(
                  "{name}: I asked {items} to come to {event} on {day}.",
                  "{name}: {items} will come to {event} on {day}."),
              "who will come"),
          sum(
              "bought",
              Operation.SUM,
              List.of(
                  NAME,
                  Slot.number("a", 2, 10),
                  Slot.number("b", 2, 10),
                  Slot.one("item", Lexicon.COUNTABLES),
                  Slot.one("item2", Lexicon.COUNTABLES)),
              List.of(
                  "{name}: I bought {a} {item} and {b} {item2}.",
                  "{name}: I have {a} {item} and I need {b} {item2}."),
              "How many things is that in all?",
              List.of(
                  "That is {answer} in all.",
                  "{a} and {b} is {answer}.",
                  "The {item} and {item2} are {answer} in all.")),
          sum(
              "left",
              Operation.DIFFERENCE,
              List.of(
                  NAME,
                  Slot.number("a", 4, 20),
                  Slot.number("b", 2, 10),
                  Slot.one("item", Lexicon.COUNTABLES),
                  Slot.one("other", Lexicon.NAMES)),
              List.of(
                  "{name}: I had {a} {item} and gave {b} to {other}.",
                  "{name}: There were {a} {item}. I gave {b} to {other}."),
              "How many {item} are left?",
              List.of(
                  "There are {answer} left.",
                  "{a} minus {b} is {answer}.",
                  "{name} has {answer} {item} left.")),
          sum(
              "price",
              Operation.SUM,
              List.of(
                  NAME,
                  Slot.number("a", 2, 10),
                  Slot.number("b", 2, 10),
                  Slot.one("object", Lexicon.OBJECTS),
                  Slot.one("object2", Lexicon.OBJECTS)),
              List.of(
                  "{name}: The {object} costs {a} euros and the {object2} costs {b} euros.",
                  "{name}: I paid {a} euros for the {object} and {b} euros for the {object2}."),
              "How many euros is that in all?",
              List.of(
                  "That is {answer} euros in all.",
                  "{a} and {b} is {answer}.",
                  "The {object} and the {object2} cost {answer} euros.")),
          sum(
              "hours",
              Operation.DIFFERENCE,
              List.of(NAME, Slot.number("b", 1, 6), Slot.number("a", 3, 11), EVENT, DAY),
              List.of(
                  "{name}: {Event} on {day} starts at {b} pm and ends at {a} pm.",
                  "{name}: We have {event} on {day} from {b} pm to {a} pm."),
              "How many hours is that?",
              List.of(
                  "That is {answer} hours.",
                  "{a} minus {b} is {answer}.",
                  "{Event} on {day} is {answer} hours.")),
          sum(
              "people",
              Operation.COUNT,
              List.of(NAME, Slot.several("names", Lexicon.NAMES), EVENT, DAY),
              List.of(
                  "{name}: I want {names} to be at {event} on {day}.",
                  "{name}: {names} want to come to {event} on {day}."),
              "How many people is that?",
              List.of(
                  "That is {answer} people.",
                  "There are {answer} people for {event}.",
                  "{answer} people want to come on {day}.")));

  private Scenes() {}

  /// The families that tasks of a kind are made of.
  static List<SceneFamily> of(TaskKind kind) {
    return ALL.stream().filter(family -> family.kinds().contains(kind)).toList();
  }

  /// The family with this name.
  static SceneFamily named(String id) {
    return ALL.stream()
        .filter(family -> family.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown scene " + id));
  }

  private static SceneFamily notification(
      String id,
      List<Slot> slots,
      List<String> messages,
      List<String> answers,
      List<String> keyFacts,
      List<String> extractable) {
    return new SceneFamily(
        id,
        List.of(SUMMARISE_NOTIFICATION, EXTRACT_JSON),
        slots,
        messages,
        Map.of("", answers),
        keyFacts,
        extractable,
        Operation.NONE,
        "");
  }

  private static SceneFamily thread(
      String id,
      List<Slot> slots,
      List<String> messages,
      List<String> answers,
      List<String> keyFacts) {
    return new SceneFamily(
        id,
        List.of(SUMMARISE_THREAD),
        slots,
        messages,
        Map.of("", answers),
        keyFacts,
        List.of(),
        Operation.NONE,
        "");
  }

  private static SceneFamily reply(
      String id,
      List<Slot> slots,
      List<String> messages,
      List<String> yes,
      List<String> no,
      List<String> keyFacts,
      List<String> extractable) {
    return new SceneFamily(
        id,
        List.of(REPLY, EXTRACT_JSON),
        slots,
        messages,
        Map.of("yes", yes, "no", no),
        keyFacts,
        extractable,
        Operation.NONE,
        "");
  }

  /// The last of the wishes is what the message says; a rewrite may say less.
  private static SceneFamily rewrite(
      String id, List<Slot> slots, List<String> wishes, List<String> keyFacts) {
    List<String> polite = new ArrayList<>();
    List<String> friendly = new ArrayList<>();
    List<String> formal = new ArrayList<>();
    for (String wish : wishes) {
      polite.add("Please " + wish + ".");
      polite.add("{name}, could you please " + wish + "?");
      polite.add("Could you " + wish + "? Thank you, {name}.");
      friendly.add("Hey {name}, " + wish + "!");
      friendly.add("Hey {name}, can you " + wish + "?");
      friendly.add("It would be great if you could " + wish + "! Thanks, {name}!");
      formal.add("Kindly " + wish + ".");
      formal.add("I kindly ask you to " + wish + ".");
      formal.add("Dear {name}, I kindly ask you to " + wish + ".");
    }
    String said = wishes.getLast();
    return new SceneFamily(
        id,
        List.of(REWRITE),
        slots,
        List.of("{name}, " + said + ".", Lexicon.capital(said) + ", {name}."),
        Map.of("polite", polite, "friendly", friendly, "formal", formal),
        keyFacts,
        List.of(),
        Operation.NONE,
        "");
  }

  private static SceneFamily list(String id, List<Slot> slots, List<String> messages, String what) {
    return new SceneFamily(
        id,
        List.of(LIST_ITEMS),
        slots,
        messages,
        Map.of("", List.of()),
        List.of("items"),
        List.of(),
        Operation.NONE,
        what);
  }

  private static SceneFamily sum(
      String id,
      Operation operation,
      List<Slot> slots,
      List<String> messages,
      String question,
      List<String> sentences) {
    List<String> answers = new ArrayList<>();
    answers.add("{answer}");
    answers.add("The answer is {answer}.");
    answers.addAll(sentences);
    return new SceneFamily(
        id,
        List.of(ARITHMETIC),
        slots,
        messages,
        Map.of("", answers),
        List.of("answer"),
        List.of(),
        operation,
        question);
  }
}
