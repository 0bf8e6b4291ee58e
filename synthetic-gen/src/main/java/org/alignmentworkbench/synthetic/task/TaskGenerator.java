package org.alignmentworkbench.synthetic.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.check.Style;
import org.alignmentworkbench.synthetic.world.Draw;
import org.alignmentworkbench.synthetic.world.Lexicon;
import org.jspecify.annotations.Nullable;

/// Makes tasks from a seed.
///
/// A scene is drawn until it falls into the wanted split. One of its good answers is then chosen as
/// a witness, and constraints are drawn that the witness, brought into form, holds to: so every
/// task can be solved. Constraints are chosen tight enough to matter (a limit of words lies at most
/// a few words above the witness, and each can be missed by some other good answer).
public final class TaskGenerator {
  /// Share of held-out tasks whose wording no other split uses.
  public static final double HELD_OUT_TEMPLATE_SHARE = 0.25;

  private static final List<TaskKind> KINDS = List.of(TaskKind.values());

  /// Capitals cost the learner several tokens a word, so they are asked for in short answers only.
  private static final int CAPS_WORDS = 6;

  private static final List<Integer> LIMITS = List.of(3, 4, 5, 6, 8, 10, 12, 15);
  private static final List<String> SUMMARY_STARTS =
      List.of("Update:", "Note:", "News:", "In short:");
  private static final List<String> SUMMARY_ENDS = List.of("That is all.", "Have a nice day!");
  private static final List<String> LETTER_STARTS = List.of("Hi {name},", "Hello {name},");
  private static final List<String> LETTER_ENDS =
      List.of("See you soon!", "Take care!", "Best wishes!", "Bye!");
  private static final List<String> LIST_STARTS = List.of("List:", "Here it is:");
  private static final List<String> SUM_STARTS = List.of("Total:", "Answer:", "Result:");

  private final long seed;

  public TaskGenerator(long seed) {
    this.seed = seed;
  }

  /// Tasks `from` to `from + count - 1` of a kind, or of all kinds in turn when `kind` is null.
  public List<GeneratedTask> tasks(Split split, @Nullable TaskKind kind, int from, int count) {
    List<GeneratedTask> tasks = new ArrayList<>(count);
    for (int i = from; i < from + count; i++) {
      tasks.add(
          kind == null
              ? task(split, KINDS.get(i % KINDS.size()), i / KINDS.size())
              : task(split, kind, i));
    }
    return tasks;
  }

  /// One task.
  public GeneratedTask task(Split split, TaskKind kind, int number) {
    if (number < 0) {
      throw new IllegalArgumentException("number must be >= 0, was " + number);
    }
    String key = seed + ":" + split + ":" + kind + ":" + number;
    Draw draw = new Draw(CounterStream.named(seed, "task", key));
    boolean heldOut = split == Split.HELD_OUT && draw.chance(HELD_OUT_TEMPLATE_SHARE);
    return task(key, split, kind, heldOut, draw);
  }

  /// A task drawn from any stream; pre-training documents are made with it too.
  public static GeneratedTask task(
      String key, Split split, TaskKind kind, boolean heldOutTemplate, Draw draw) {
    Facts facts = facts(split, kind, draw);
    List<Check> checks = new ArrayList<>(substance(kind, facts));
    checks.addAll(constraints(kind, facts, checks, draw));
    if (checks.stream().anyMatch(check -> check instanceof Check.LacksKeyword)
        && kind == TaskKind.LIST_ITEMS) {
      checks = new ArrayList<>(withoutLeftOut(checks));
    }
    Wording.Prompt prompt = Wording.prompt(kind, facts, checks, heldOutTemplate, draw);
    return new GeneratedTask(key, split, kind, prompt.template(), prompt.text(), checks, facts);
  }

  /// A scene of a split that a task of this kind can be made of, with something to ask.
  public static Facts facts(Split split, TaskKind kind, Draw draw) {
    while (true) {
      SceneFamily family = draw.pick(Scenes.of(kind));
      SequencedMap<String, String> slots = family.draw(draw);
      Facts facts =
          new Facts(
              family.id(),
              slots,
              draw.below(family.messages().size()),
              request(kind, family, draw));
      if (Partition.of(facts) == split) {
        return facts;
      }
    }
  }

  private static String request(TaskKind kind, SceneFamily family, Draw draw) {
    return switch (kind) {
      case REPLY -> draw.pick(List.of("yes", "no"));
      case REWRITE -> draw.pick(List.of(Style.values())).word();
      case EXTRACT_JSON -> {
        List<String> keys = draw.distinct(family.extractable(), draw.between(2, 3));
        // In the order of the message, which is the order a reader would use.
        yield String.join(",", family.extractable().stream().filter(keys::contains).toList());
      }
      case SUMMARISE_NOTIFICATION, SUMMARISE_THREAD, LIST_ITEMS, ARITHMETIC -> "";
    };
  }

  /// What the instruction itself asks for.
  private static List<Check> substance(TaskKind kind, Facts facts) {
    return switch (kind) {
      case SUMMARISE_NOTIFICATION, SUMMARISE_THREAD ->
          List.of(new Check.MentionsFacts(facts.keyFacts()));
      case REPLY -> List.of(new Check.TakesStance(facts.request().equals("yes")));
      case REWRITE ->
          List.of(
              new Check.InStyle(Style.of(facts.request())),
              new Check.MentionsFacts(facts.keyFacts()));
      case EXTRACT_JSON -> {
        SequencedMap<String, String> values = new LinkedHashMap<>();
        facts.requestedKeys().forEach(key -> values.put(key, facts.slot(key)));
        yield List.of(new Check.JsonObjectWith(values));
      }
      case LIST_ITEMS -> List.of(new Check.MentionsFacts(facts.keyFacts()));
      case ARITHMETIC -> List.of(new Check.NumberAnswer(Integer.parseInt(facts.slot("answer"))));
    };
  }

  private static List<Check> withoutLeftOut(List<Check> checks) {
    List<String> out =
        checks.stream()
            .filter(check -> check instanceof Check.LacksKeyword)
            .map(check -> ((Check.LacksKeyword) check).keyword())
            .toList();
    return checks.stream()
        .map(check ->
            check instanceof Check.MentionsFacts mentions
                ? new Check.MentionsFacts(
                    mentions.facts().stream().filter(fact -> !out.contains(fact)).toList())
                : check)
        .toList();
  }

  private static List<Check> constraints(
      TaskKind kind, Facts facts, List<Check> substance, Draw draw) {
    while (true) {
      String witness = draw.pick(good(kind, facts, substance));
      int wanted = 1 + draw.weighted(0.35, 0.45, 0.20);
      List<Check> chosen = new ArrayList<>();
      if (kind == TaskKind.LIST_ITEMS) {
        chosen.addAll(listLines(facts, draw));
      }
      for (int tries = 0; chosen.size() < wanted && tries < 20; tries++) {
        Check next = propose(kind, facts, witness, chosen, draw);
        if (next != null) {
          chosen.add(next);
        }
      }
      // Length last: it is measured on the witness with its opening and closing phrases.
      List<Check> settled = chosen.stream().map(c -> tightened(kind, witness, c, chosen)).toList();
      String composed = ResponseComposer.compose(kind, witness, settled);
      if (!settled.isEmpty()
          && settled.stream().allMatch(check -> check.evaluate(composed).passed())
          && (kind == TaskKind.LIST_ITEMS
              || substance.stream().allMatch(check -> check.evaluate(composed).passed()))
          && settled.stream().allMatch(check -> bites(kind, facts, settled, check))) {
        return settled;
      }
    }
  }

  /// True when somebody who answers well but does not think of this constraint can miss it.
  private static boolean bites(TaskKind kind, Facts facts, List<Check> settled, Check check) {
    if (check instanceof Check.ListLines) {
      return true;
    }
    List<Check> others = settled.stream().filter(other -> !other.equals(check)).toList();
    return Answers.of(kind, facts).stream()
        .map(answer -> ResponseComposer.compose(kind, answer, others))
        .anyMatch(text -> !check.evaluate(text).passed());
  }

  private static List<String> good(TaskKind kind, Facts facts, List<Check> substance) {
    return Answers.of(kind, facts).stream()
        .filter(answer -> substance.stream().allMatch(check -> check.evaluate(answer).passed()))
        .toList();
  }

  private static List<Check> listLines(Facts facts, Draw draw) {
    List<String> items = Lexicon.parts(facts.slot("items"));
    if (items.size() > 2 && draw.chance(0.35)) {
      return List.of(
          new Check.ListLines(items.size() - 1), new Check.LacksKeyword(draw.pick(items)));
    }
    return List.of(new Check.ListLines(items.size()));
  }

  /// A constraint that goes with those already chosen, or null when the draw does not fit. Limits
  /// of words are placeholders here.
  private static @Nullable Check propose(
      TaskKind kind, Facts facts, String witness, List<Check> chosen, Draw draw) {
    Check next =
        switch (kind) {
          case SUMMARISE_NOTIFICATION, SUMMARISE_THREAD ->
              switch (draw.weighted(3, 1, 2, 2, 1.5, 0.7, 2, 1, 1, 1)) {
                case 0 -> new Check.MaxWords(1);
                case 1 -> new Check.MinWords(1);
                case 2 -> present(facts, witness, draw);
                case 3 -> absent(kind, facts, witness, draw);
                case 4 -> new Check.AllLowerCase();
                case 5 -> caps(witness);
                case 6 -> new Check.StartsWith(draw.pick(SUMMARY_STARTS));
                case 7 -> new Check.EndsWith(draw.pick(SUMMARY_ENDS));
                case 8 -> new Check.OneSentence();
                default -> new Check.NoDigits();
              };
          case REPLY ->
              switch (draw.weighted(2.5, 1, 1.5, 1.5, 1.5, 0.7, 2, 2, 1)) {
                case 0 -> new Check.MaxWords(1);
                case 1 -> new Check.MinWords(1);
                case 2 -> present(facts, witness, draw);
                case 3 -> absent(kind, facts, witness, draw);
                case 4 -> new Check.AllLowerCase();
                case 5 -> caps(witness);
                case 6 -> start(facts, draw);
                case 7 -> new Check.EndsWith(draw.pick(LETTER_ENDS));
                default -> new Check.OneSentence();
              };
          case REWRITE ->
              switch (draw.weighted(2, 1, 1.5, 1.5, 1.5, 2, 1)) {
                case 0 -> new Check.MaxWords(1);
                case 1 -> new Check.MinWords(1);
                case 2 -> present(facts, witness, draw);
                case 3 -> absent(kind, facts, witness, draw);
                case 4 -> new Check.AllLowerCase();
                case 5 -> new Check.EndsWith(draw.pick(LETTER_ENDS));
                default -> new Check.OneSentence();
              };
          case EXTRACT_JSON -> draw.chance(0.5) ? new Check.AllLowerCase() : new Check.OneLine();
          case LIST_ITEMS ->
              switch (draw.weighted(1.5, 1, 2, 2)) {
                case 0 -> new Check.AllLowerCase();
                case 1 -> caps(witness);
                case 2 -> new Check.StartsWith(draw.pick(LIST_STARTS));
                default -> new Check.EndsWith(draw.pick(SUMMARY_ENDS));
              };
          case ARITHMETIC ->
              switch (draw.weighted(2.5, 1, 2, 1, 1.5, 1.5, 1)) {
                case 0 -> new Check.MaxWords(1);
                case 1 -> new Check.MinWords(1);
                case 2 -> new Check.StartsWith(draw.pick(SUM_STARTS));
                case 3 -> new Check.EndsWith(draw.pick(SUMMARY_ENDS));
                case 4 -> new Check.NoDigits();
                case 5 -> present(facts, witness, draw);
                default -> new Check.AllLowerCase();
              };
        };
    return next == null || chosen.stream().anyMatch(other -> clash(other, next)) ? null : next;
  }

  private static @Nullable Check caps(String witness) {
    return Check.words(witness) <= CAPS_WORDS ? new Check.AllCaps() : null;
  }

  private static Check start(Facts facts, Draw draw) {
    return new Check.StartsWith(SceneFamily.fill(draw.pick(LETTER_STARTS), facts.slots()));
  }

  /// A single word of the witness that the message also has, beyond the key facts.
  private static @Nullable Check present(Facts facts, String witness, Draw draw) {
    List<String> words =
        singleWords(facts).stream().filter(word -> Lexicon.says(witness, word)).toList();
    return words.isEmpty() ? null : new Check.HasKeyword(draw.pick(words));
  }

  /// A single word of the message that other good answers say and the witness does not.
  private static @Nullable Check absent(TaskKind kind, Facts facts, String witness, Draw draw) {
    List<String> others = Answers.of(kind, facts);
    List<String> words =
        singleWords(facts).stream()
            .filter(word -> !Lexicon.says(witness, word))
            .filter(word -> others.stream().anyMatch(other -> Lexicon.says(other, word)))
            .toList();
    return words.isEmpty() ? null : new Check.LacksKeyword(draw.pick(words));
  }

  private static List<String> singleWords(Facts facts) {
    List<String> key = facts.keyFacts();
    return facts.slots().values().stream()
        .filter(value -> value.chars().allMatch(Character::isLetter) && !key.contains(value))
        .toList();
  }

  private static boolean clash(Check one, Check other) {
    return group(one).equals(group(other));
  }

  /// At most one constraint of a group is asked for.
  private static String group(Check check) {
    return switch (check) {
      case Check.MaxWords _, Check.MinWords _ -> "length";
      case Check.AllLowerCase _, Check.AllCaps _ -> "case";
      default -> check.getClass().getSimpleName();
    };
  }

  private static Check tightened(TaskKind kind, String witness, Check check, List<Check> chosen) {
    int words = Check.words(ResponseComposer.compose(kind, witness, chosen));
    return switch (check) {
      case Check.MaxWords _ -> new Check.MaxWords(atLeast(words));
      case Check.MinWords _ -> new Check.MinWords(atMost(words));
      default -> check;
    };
  }

  private static int atLeast(int words) {
    return words == 1
        ? 1
        : LIMITS.stream().filter(limit -> limit >= words).findFirst().orElse(words);
  }

  private static int atMost(int words) {
    return LIMITS.reversed().stream().filter(limit -> limit <= words).findFirst().orElse(1);
  }
}
