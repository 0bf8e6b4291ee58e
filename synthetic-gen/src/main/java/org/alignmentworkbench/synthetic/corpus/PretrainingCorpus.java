package org.alignmentworkbench.synthetic.corpus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.corpus.CorpusDocument.Conversation;
import org.alignmentworkbench.synthetic.corpus.CorpusDocument.Note;
import org.alignmentworkbench.synthetic.corpus.CorpusDocument.Turn;
import org.alignmentworkbench.synthetic.demonstration.Carelessness;
import org.alignmentworkbench.synthetic.demonstration.DemonstrationWriter;
import org.alignmentworkbench.synthetic.task.Answers;
import org.alignmentworkbench.synthetic.task.Facts;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;
import org.alignmentworkbench.synthetic.task.TaskKind;
import org.alignmentworkbench.synthetic.world.Draw;
import org.alignmentworkbench.synthetic.world.Lexicon;

/// An endless corpus; document i is a function of (seed, i).
///
/// The first [#COPYING_DOCUMENTS] documents are to a half about copying: chains of words said
/// again, and questions on who has what. A model that has to find out from tasks alone that words
/// come back takes several times as long; later such documents are one in ten.
public final class PretrainingCorpus {
  private static final List<TaskKind> KINDS = List.of(TaskKind.values());
  private static final List<TaskKind> SENTENCES =
      List.of(
          TaskKind.SUMMARISE_NOTIFICATION,
          TaskKind.SUMMARISE_THREAD,
          TaskKind.REPLY,
          TaskKind.REWRITE);
  private static final List<String> STARTS =
      List.of("Update:", "Note:", "News:", "In short:", "Total:", "Answer:", "Result:");
  private static final List<String> ENDS =
      List.of(
          "That is all.",
          "Have a nice day!",
          "See you soon!",
          "Take care!",
          "Best wishes!",
          "Bye!");

  /// What is asked to find the value of a slot.
  private static final Map<String, String> QUESTIONS =
      Map.of(
          "day", "Which day?",
          "newDay", "Which day is it now?",
          "time", "What time?",
          "place", "Which place?",
          "city", "Which city?",
          "event", "What is it for?",
          "object", "Which thing?",
          "amount", "How many euros?",
          "minutes", "How many minutes?",
          "platform", "Which platform?");

  /// The number of documents at the beginning that are to a half about copying.
  public static final int COPYING_DOCUMENTS = 40_000;

  private static final double COPYING_SHARE_FIRST = 0.5;
  private static final double COPYING_SHARE = 0.1;

  private static final List<String> WORDS =
      Stream.of(
              Lexicon.NAMES,
              Lexicon.DAYS,
              Lexicon.TIMES,
              Lexicon.PLACES,
              Lexicon.CITIES,
              Lexicon.EVENTS,
              Lexicon.OBJECTS,
              Lexicon.GROCERIES,
              Lexicon.COUNTABLES,
              IntStream.rangeClosed(1, 60).mapToObj(Integer::toString).toList())
          .flatMap(List::stream)
          .toList();

  private final long seed;

  public PretrainingCorpus(long seed) {
    this.seed = seed;
  }

  /// Document `index`.
  public CorpusDocument document(long index) {
    Draw draw = new Draw(CounterStream.of(seed, "corpus", 0, index));
    if (draw.chance(index < COPYING_DOCUMENTS ? COPYING_SHARE_FIRST : COPYING_SHARE)) {
      return copying(draw);
    }
    return switch (draw.weighted(0.55, 0.27, 0.18)) {
      case 0 -> task("corpus:" + seed + ":" + index, draw);
      case 1 -> drill(draw);
      default -> note(draw);
    };
  }

  /// The documents from one index on, without end.
  public Stream<CorpusDocument> documents(long from) {
    return LongStream.iterate(from, i -> i + 1).mapToObj(this::document);
  }

  /// A task as in the train split, answered by a careless writer; sometimes a second wish follows.
  private static Conversation task(String key, Draw draw) {
    GeneratedTask task = TaskGenerator.task(key, Split.TRAIN, draw.pick(KINDS), false, draw);
    String response = DemonstrationWriter.write(task, Carelessness.CORPUS, draw);
    List<Turn> turns = new ArrayList<>();
    turns.add(Turn.user(task.prompt()));
    turns.add(Turn.assistant(response));
    if (draw.chance(0.12)) {
      turns.addAll(changed(response, draw));
    }
    return new Conversation(turns, List.of(task.facts()));
  }

  /// Words said again, as they are or in another case, or looked up.
  private static CorpusDocument copying(Draw draw) {
    return switch (draw.weighted(3, 2, 1.5, 3)) {
      case 0 -> {
        String chain = chain(draw, 5, 14);
        yield new Note((chain + "\n").repeat(3).strip(), List.of());
      }
      case 1 -> {
        String chain = chain(draw, 3, 12);
        yield chat(chain + "\nSay this again.", chain);
      }
      case 2 -> {
        String chain = chain(draw, 2, 6);
        boolean lower = draw.chance(0.6);
        yield lower
            ? chat(
                chain + "\n" + draw.pick(List.of("Use only lower case.", "Write in lower case.")),
                chain.toLowerCase(Locale.ROOT))
            : chat(
                chain + "\n" + draw.pick(List.of("Use ALL CAPS.", "Write in ALL CAPS.")),
                chain.toUpperCase(Locale.ROOT));
      }
      default -> belongings(draw);
    };
  }

  private static String chain(Draw draw, int least, int most) {
    return String.join(
        draw.pick(List.of(" ", ", ")), draw.distinct(WORDS, draw.between(least, most)));
  }

  /// Who has what, and questions about it.
  private static Conversation belongings(Draw draw) {
    int count = draw.between(2, 5);
    List<String> names = draw.distinct(Lexicon.NAMES, count);
    List<String> things = draw.distinct(Lexicon.OBJECTS, count);
    StringBuilder said = new StringBuilder();
    for (int i = 0; i < count; i++) {
      said.append(names.get(i)).append(" has the ").append(things.get(i)).append(". ");
    }
    List<Turn> turns = new ArrayList<>();
    String before = said.toString().strip() + "\n";
    for (int asked : draw.distinct(IntStream.range(0, count).boxed().toList(), count)) {
      boolean who = draw.chance(0.5);
      turns.add(
          Turn.user(
              before
                  + (who
                      ? "Who has the " + things.get(asked) + "?"
                      : "What has " + names.get(asked) + "?")));
      turns.add(Turn.assistant(who ? names.get(asked) + "." : "The " + things.get(asked) + "."));
      before = "";
    }
    return new Conversation(turns, List.of());
  }

  private static Conversation chat(String user, String assistant) {
    return new Conversation(List.of(Turn.user(user), Turn.assistant(assistant)), List.of());
  }

  private static List<Turn> changed(String response, Draw draw) {
    boolean brief = Check.words(response) <= 8;
    return switch (brief ? draw.below(4) : draw.pick(List.of(0, 2, 3))) {
      case 0 ->
          List.of(
              Turn.user(draw.pick(List.of("Use only lower case.", "Write in lower case."))),
              Turn.assistant(response.toLowerCase(Locale.ROOT)));
      case 1 ->
          List.of(
              Turn.user(draw.pick(List.of("Use ALL CAPS.", "Write in ALL CAPS."))),
              Turn.assistant(response.toUpperCase(Locale.ROOT)));
      case 2 -> {
        String start = draw.pick(STARTS);
        yield List.of(
            Turn.user("Start with \"" + start + "\"."), Turn.assistant(start + " " + response));
      }
      default -> {
        String end = draw.pick(ENDS);
        yield List.of(Turn.user("End with \"" + end + "\""), Turn.assistant(response + " " + end));
      }
    };
  }

  /// One ability by itself, always right.
  private static Conversation drill(Draw draw) {
    TaskKind kind = draw.pick(SENTENCES);
    return switch (draw.weighted(3, 2, 2, 2, 2, 3, 2, 2, 3, 1)) {
      case 0 -> {
        Facts facts = facts(kind, draw);
        String said = draw.pick(Answers.of(kind, facts));
        boolean lower = draw.chance(0.6) || Check.words(said) > 8;
        String wish =
            lower
                ? draw.pick(List.of("Use only lower case.", "Write in lower case."))
                : draw.pick(List.of("Use ALL CAPS.", "Write in ALL CAPS."));
        yield exchange(
            facts,
            said + "\n" + wish,
            lower ? said.toLowerCase(Locale.ROOT) : said.toUpperCase(Locale.ROOT));
      }
      case 1 -> {
        Facts facts = facts(kind, draw);
        String said = draw.pick(Answers.of(kind, facts));
        String start = draw.pick(STARTS);
        yield exchange(
            facts,
            said + "\n" + draw.pick(List.of("Start", "Begin")) + " with \"" + start + "\".",
            start + " " + said);
      }
      case 2 -> {
        Facts facts = facts(kind, draw);
        String said = draw.pick(Answers.of(kind, facts));
        String end = draw.pick(ENDS);
        yield exchange(
            facts,
            said + "\n" + draw.pick(List.of("End", "Finish")) + " with \"" + end + "\"",
            said + " " + end);
      }
      case 3 -> {
        Facts facts = facts(kind, draw);
        String said = draw.pick(Answers.of(kind, facts));
        yield exchange(
            facts, said + "\nHow many words is that?", Integer.toString(Check.words(said)));
      }
      case 4 -> limited(kind, draw);
      case 5 -> question(kind, draw);
      case 6 -> {
        Facts facts = facts(TaskKind.LIST_ITEMS, draw);
        List<String> items = Lexicon.parts(facts.slot("items"));
        yield exchange(
            facts,
            Lexicon.joined(items)
                + "\n"
                + draw.pick(
                    List.of("Start each line with \"- \".", "Use one line with \"- \" for each.")),
            "- " + String.join("\n- ", items));
      }
      case 7 -> {
        Facts facts = facts(TaskKind.EXTRACT_JSON, draw);
        yield exchange(
            facts,
            record(facts) + "\nWrite it as JSON.",
            Answers.of(TaskKind.EXTRACT_JSON, facts).getFirst());
      }
      case 8 -> sum(draw);
      default -> {
        Facts facts = facts(kind, draw);
        yield exchange(facts, facts.message() + "\nSay this again.", facts.message());
      }
    };
  }

  /// A wish for a length or a word, met by one of the good answers.
  private static Conversation limited(TaskKind kind, Draw draw) {
    Facts facts = facts(kind, draw);
    String said = draw.pick(Answers.of(kind, facts));
    int words = Check.words(said);
    String wish =
        switch (draw.below(4)) {
          case 0 -> "Use at most " + words + " words.";
          case 1 -> "Write no more than " + words + " words.";
          case 2 -> "Use at least " + words + " words.";
          default -> "Write " + words + " words or more.";
        };
    return exchange(facts, facts.message() + "\n" + wish, said);
  }

  /// One message and one to four questions about it.
  private static Conversation question(TaskKind kind, Draw draw) {
    while (true) {
      Facts facts = facts(kind, draw);
      String message = facts.message();
      List<String> keys =
          facts.slots().keySet().stream()
              .filter(QUESTIONS::containsKey)
              .filter(key -> Lexicon.says(message, facts.slot(key)))
              .toList();
      if (keys.isEmpty()) {
        continue;
      }
      List<Turn> turns = new ArrayList<>();
      for (String key : draw.distinct(keys, draw.between(1, Math.min(4, keys.size())))) {
        String question = Objects.requireNonNull(QUESTIONS.get(key));
        turns.add(Turn.user(turns.isEmpty() ? message + "\n" + question : question));
        turns.add(Turn.assistant(Lexicon.capital(facts.slot(key)) + "."));
      }
      return new Conversation(turns, List.of(facts));
    }
  }

  private static Conversation sum(Draw draw) {
    boolean minus = draw.chance(0.4);
    int a = draw.between(2, minus ? 20 : 10);
    int b = draw.between(1, minus ? a : 10);
    int result = minus ? a - b : a + b;
    boolean words = draw.chance(0.3);
    String question = a + (minus ? " minus " : " and ") + b;
    return new Conversation(
        List.of(
            Turn.user("How many is " + question + "?" + (words ? " Do not use digits." : "")),
            Turn.assistant(
                words ? Lexicon.capital(Lexicon.numberWord(result)) : Integer.toString(result))),
        List.of());
  }

  private static Note note(Draw draw) {
    return switch (draw.weighted(3, 2, 2, 2, 2)) {
      case 0 -> {
        TaskKind kind = draw.pick(SENTENCES);
        Facts facts = facts(kind, draw);
        yield new Note(facts.message() + "\n" + draw.pick(Answers.of(kind, facts)), List.of(facts));
      }
      case 1 -> {
        TaskKind kind = draw.pick(SENTENCES);
        Facts facts = facts(kind, draw);
        StringBuilder text = new StringBuilder();
        for (String said : draw.distinct(Answers.of(kind, facts), 3)) {
          text.append(Check.words(said)).append(" words: ").append(said).append('\n');
        }
        yield new Note(text.toString().strip(), List.of(facts));
      }
      case 2 -> {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
          int a = draw.between(1, 10);
          int b = draw.between(1, 10);
          text.append(
              switch (draw.below(4)) {
                case 0 -> a + " and " + b + " is " + (a + b) + ".\n";
                case 1 -> (a + b) + " minus " + b + " is " + a + ".\n";
                case 2 ->
                    Lexicon.capital(Lexicon.numberWord(a))
                        + " and "
                        + Lexicon.numberWord(b)
                        + " is "
                        + Lexicon.numberWord(a + b)
                        + ".\n";
                default -> Lexicon.capital(Lexicon.numberWord(a + b)) + " is " + (a + b) + ".\n";
              });
        }
        yield new Note(text.toString().strip(), List.of());
      }
      case 3 -> {
        Facts facts = facts(TaskKind.EXTRACT_JSON, draw);
        yield new Note(
            facts.message() + "\n" + draw.pick(Answers.of(TaskKind.EXTRACT_JSON, facts)),
            List.of(facts));
      }
      default -> {
        Facts facts = facts(TaskKind.LIST_ITEMS, draw);
        yield new Note(
            facts.message() + "\n" + draw.pick(Answers.of(TaskKind.LIST_ITEMS, facts)),
            List.of(facts));
      }
    };
  }

  private static Facts facts(TaskKind kind, Draw draw) {
    return TaskGenerator.facts(Split.TRAIN, kind, draw);
  }

  /// "name: Anna, day: Friday" with the values that are asked for.
  private static String record(Facts facts) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    facts.requestedKeys().forEach(key -> values.put(key, facts.slot(key)));
    return String.join(
        ", ",
        values.entrySet().stream().map(entry -> entry.getKey() + ": " + entry.getValue()).toList());
  }

  private static Conversation exchange(Facts facts, String user, String assistant) {
    return new Conversation(List.of(Turn.user(user), Turn.assistant(assistant)), List.of(facts));
  }
}
