package org.alignmentworkbench.synthetic.task;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.world.Draw;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// How instructions and constraints are worded, and how a prompt is laid out.
///
/// Each table has wordings that every split uses, and wordings for the held-out split alone. The
/// latter put phrases of the former together in a new way, so that nothing in them is unknown.
final class Wording {
  private static final Map<TaskKind, List<String>> SEEN =
      Map.of(
          TaskKind.SUMMARISE_NOTIFICATION,
          List.of(
              "Summarise this notification.",
              "Give a short summary of this notification.",
              "What does this notification say?",
              "Sum up this notification for me.",
              "Tell me in short what this notification says."),
          TaskKind.SUMMARISE_THREAD,
          List.of(
              "Summarise this thread.",
              "Give a short summary of these messages.",
              "What do these messages say?",
              "Sum up this thread for me.",
              "Tell me in short what these messages say."),
          TaskKind.REPLY,
          List.of(
              "Write a short reply that says {request}.",
              "Reply to this message and say {request}.",
              "Answer this message with a {request}.",
              "Say {request} to this message."),
          TaskKind.REWRITE,
          List.of(
              "Rewrite this message in a {request} tone.",
              "Make this message {request}.",
              "Write this message in a {request} way.",
              "Say this in a {request} tone."),
          TaskKind.EXTRACT_JSON,
          List.of(
              "Extract the {request} as JSON.",
              "Give the {request} as JSON.",
              "Write a JSON object with the {request}.",
              "Find the {request} and write JSON."),
          TaskKind.LIST_ITEMS,
          List.of(
              "List {request}.",
              "Make a list of {request}.",
              "Write a list: {request}.",
              "Give me a list of {request}."),
          TaskKind.ARITHMETIC,
          List.of(
              "{request}",
              "Read this message. {request}",
              "Answer this question: {request}",
              "Tell me: {request}"));

  private static final Map<TaskKind, List<String>> HELD_OUT =
      Map.of(
          TaskKind.SUMMARISE_NOTIFICATION,
          List.of(
              "Give a short summary of what this notification says.",
              "Sum up in short what this notification says."),
          TaskKind.SUMMARISE_THREAD,
          List.of(
              "Give a short summary of what these messages say.", "Sum up these messages for me."),
          TaskKind.REPLY,
          List.of("Write a short reply to this message and say {request}.", "Answer {request}."),
          TaskKind.REWRITE,
          List.of("Rewrite this in a {request} way.", "Write this in a {request} tone."),
          TaskKind.EXTRACT_JSON,
          List.of(
              "Extract the {request} and write JSON.", "Give a JSON object with the {request}."),
          TaskKind.LIST_ITEMS,
          List.of("Write a list of {request} for me.", "Tell me {request} in a list."),
          TaskKind.ARITHMETIC,
          List.of("Read this message and answer this question: {request}", "Answer: {request}"));

  private Wording() {}

  /// A prompt and the name of the wording it has.
  record Prompt(String template, String text) {}

  static Prompt prompt(TaskKind kind, Facts facts, List<Check> checks, boolean heldOut, Draw draw) {
    List<String> instructions = instructions(kind, heldOut);
    int chosen = draw.below(instructions.size());
    String instruction = instructions.get(chosen).replace("{request}", request(kind, facts));
    String constraints =
        checks.stream()
            .filter(check -> !check.substance())
            .map(check -> constraint(check, heldOut, draw))
            .collect(Collectors.joining(" "));
    String message = facts.message();
    int layout = heldOut ? 2 : draw.weighted(0.7, 0.3);
    String text =
        switch (layout) {
          case 0 -> instruction + "\n" + message + "\n" + constraints;
          case 1 -> instruction + " " + constraints + "\n" + message;
          default -> message + "\n" + instruction + " " + constraints;
        };
    String template =
        facts.scene()
            + "."
            + facts.variant()
            + "/"
            + (heldOut ? "held-out-" : "instruction-")
            + chosen
            + "/layout-"
            + layout
            + (heldOut ? "/held-out" : "");
    return new Prompt(template, text);
  }

  static List<String> instructions(TaskKind kind, boolean heldOut) {
    List<String> instructions = (heldOut ? HELD_OUT : SEEN).get(kind);
    if (instructions == null) {
      throw new IllegalArgumentException("no wording for " + kind);
    }
    return instructions;
  }

  /// What stands for `{request}` in an instruction.
  static String request(TaskKind kind, Facts facts) {
    return switch (kind) {
      case SUMMARISE_NOTIFICATION, SUMMARISE_THREAD -> "";
      case REPLY, REWRITE -> facts.request();
      case EXTRACT_JSON -> Lexicon.joined(facts.requestedKeys());
      case LIST_ITEMS, ARITHMETIC -> SceneFamily.fill(facts.family().question(), facts.slots());
    };
  }

  private static String constraint(Check check, boolean heldOut, Draw draw) {
    List<String> wordings = constraintWordings(check);
    return heldOut ? wordings.getLast() : wordings.get(draw.below(wordings.size() - 1));
  }

  /// The sentences that ask for a constraint; the last one is for the held-out split alone.
  static List<String> constraintWordings(Check check) {
    return switch (check) {
      case Check.MaxWords c when c.limit() == 1 ->
          List.of("Use one word.", "Answer in one word.", "Write one word.");
      case Check.MaxWords c ->
          List.of(
              "Use at most " + c.limit() + " words.",
              "Write no more than " + c.limit() + " words.",
              "Use no more than " + c.limit() + " words.");
      case Check.MinWords c ->
          List.of(
              "Use at least " + c.limit() + " words.",
              "Write " + c.limit() + " words or more.",
              "Write at least " + c.limit() + " words.");
      case Check.HasKeyword c ->
          List.of(
              "Use the word " + c.keyword() + ".",
              "Include the word " + c.keyword() + ".",
              "Write the word " + c.keyword() + ".");
      case Check.LacksKeyword c ->
          List.of(
              "Do not use the word " + c.keyword() + ".",
              "Leave out " + c.keyword() + ".",
              "Leave out the word " + c.keyword() + ".");
      case Check.AllLowerCase _ ->
          List.of("Use only lower case.", "Write in lower case.", "Write only in lower case.");
      case Check.AllCaps _ -> List.of("Use ALL CAPS.", "Write in ALL CAPS.", "Use only ALL CAPS.");
      case Check.StartsWith c ->
          List.of(
              "Start with \"" + c.phrase() + "\".",
              "Begin with \"" + c.phrase() + "\".",
              "Write \"" + c.phrase() + "\" to start with.");
      case Check.EndsWith c ->
          List.of(
              "End with \"" + c.phrase() + "\"",
              "Finish with \"" + c.phrase() + "\"",
              "Write \"" + c.phrase() + "\" to end with.");
      case Check.ListLines _ ->
          List.of(
              "Start each line with \"- \".",
              "Use one line with \"- \" for each.",
              "Begin each line with \"- \".");
      case Check.NoDigits _ ->
          List.of("Do not use digits.", "Write without digits.", "Leave out digits.");
      case Check.OneSentence _ ->
          List.of("Write one sentence.", "Use only one sentence.", "Write only one sentence.");
      case Check.OneLine _ ->
          List.of("Write it on one line.", "Use only one line.", "Write only one line.");
      case Check.MentionsFacts _,
          Check.JsonObjectWith _,
          Check.NumberAnswer _,
          Check.InStyle _,
          Check.TakesStance _ ->
          throw new IllegalArgumentException(
              "the instruction itself asks for it: " + check.describe());
    };
  }
}
