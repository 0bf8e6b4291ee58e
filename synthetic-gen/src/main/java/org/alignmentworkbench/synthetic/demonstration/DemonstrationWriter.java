package org.alignmentworkbench.synthetic.demonstration;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.task.Answers;
import org.alignmentworkbench.synthetic.task.Checks;
import org.alignmentworkbench.synthetic.task.Facts;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.ResponseComposer;
import org.alignmentworkbench.synthetic.task.TaskKind;
import org.alignmentworkbench.synthetic.utility.TrueUtility;
import org.alignmentworkbench.synthetic.world.Draw;

/// Writes responses to tasks: the reference, and what a careless person would write.
///
/// A demonstration is a function of (seed, task key, ordinal).
public final class DemonstrationWriter {
  private static final List<String> TALK_BEFORE =
      List.of("Here is what you asked for.", "I read this for you.");
  private static final List<String> TALK_AFTER =
      List.of("I hope that is good for you.", "Please tell me if you need more.");
  private static final List<String> RUDE = List.of("Whatever.", "Do not bother me.");

  private final long seed;
  private final Carelessness carelessness;

  public DemonstrationWriter(long seed) {
    this(seed, Carelessness.DEMONSTRATIONS);
  }

  public DemonstrationWriter(long seed, Carelessness carelessness) {
    this.seed = seed;
    this.carelessness = carelessness;
  }

  /// The first demonstration for a task.
  public String write(GeneratedTask task) {
    return write(task, 0);
  }

  /// Demonstration number `ordinal` for a task.
  public String write(GeneratedTask task, int ordinal) {
    Draw draw = new Draw(CounterStream.named(seed, "demonstration", task.key() + "#" + ordinal));
    return write(task, carelessness, draw);
  }

  /// A response that passes all checks of the task, of the highest utility among the good answers.
  public String reference(GeneratedTask task) {
    List<String> best = new ArrayList<>();
    double highest = 0;
    for (String answer : Answers.of(task.kind(), task.facts())) {
      String text = ResponseComposer.compose(task.kind(), answer, task.checks());
      double utility = TrueUtility.of(task, text);
      if (!Checks.evaluate(task, text).passed() || utility < highest) {
        continue;
      }
      if (utility > highest) {
        best.clear();
        highest = utility;
      }
      best.add(text);
    }
    if (best.isEmpty()) {
      throw new IllegalStateException(
          "no good answer to task " + task.key() + " passes its checks");
    }
    return new Draw(CounterStream.named(seed, "reference", task.key())).pick(best);
  }

  /// A demonstration drawn from any stream.
  public static String write(GeneratedTask task, Carelessness carelessness, Draw draw) {
    Facts facts =
        draw.chance(carelessness.wrongFact()) ? task.facts().withOneWrong(draw) : task.facts();
    List<Check> heeded = new ArrayList<>();
    boolean listForm = true;
    for (Check check : task.checks()) {
      if (check.substance()) {
        continue;
      }
      boolean forgotten = draw.chance(carelessness.forgets(check));
      if (!forgotten) {
        heeded.add(check);
      } else if (check instanceof Check.ListLines) {
        listForm = false;
      }
    }
    boolean missesPoint = draw.chance(carelessness.missesPoint());
    List<String> answers =
        missesPoint || !listForm
            ? Answers.offTheMark(task.kind(), facts)
            : Answers.of(task.kind(), facts);
    String talk = "";
    boolean before = false;
    if (draw.chance(carelessness.wordy())) {
      before = draw.chance(0.5);
      talk = draw.pick(before ? TALK_BEFORE : TALK_AFTER);
    }
    if (heeded.contains(new Check.AllCaps())) {
      answers = briefly(answers);
    }
    List<String> fitting = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (String answer : answers) {
      String said = talk.isEmpty() ? answer : withTalk(task.kind(), answer, talk, before);
      String composed = ResponseComposer.compose(task.kind(), said, heeded);
      all.add(composed);
      if (heeded.stream().allMatch(check -> check.evaluate(composed).passed())) {
        fitting.add(composed);
      }
    }
    String text = draw.pick(fitting.isEmpty() ? all : fitting);
    return draw.chance(carelessness.rude()) ? text + " " + draw.pick(RUDE) : text;
  }

  /// Whoever shouts keeps it short.
  private static List<String> briefly(List<String> answers) {
    List<String> brief = answers.stream().filter(answer -> Check.words(answer) <= 8).toList();
    return brief.isEmpty() ? answers.subList(0, 1) : brief;
  }

  private static String withTalk(TaskKind kind, String answer, String talk, boolean before) {
    String joint =
        switch (kind) {
          case LIST_ITEMS, EXTRACT_JSON -> "\n";
          case SUMMARISE_NOTIFICATION, SUMMARISE_THREAD, REPLY, REWRITE, ARITHMETIC -> " ";
        };
    return before ? talk + joint + answer : answer + joint + talk;
  }
}
