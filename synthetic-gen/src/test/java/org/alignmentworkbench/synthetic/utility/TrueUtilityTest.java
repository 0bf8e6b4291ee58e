package org.alignmentworkbench.synthetic.utility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.alignmentworkbench.synthetic.check.Check;
import org.alignmentworkbench.synthetic.demonstration.DemonstrationWriter;
import org.alignmentworkbench.synthetic.task.Facts;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.task.Split;
import org.alignmentworkbench.synthetic.task.TaskGenerator;
import org.alignmentworkbench.synthetic.task.TaskKind;
import org.alignmentworkbench.synthetic.world.Lexicon;
import org.junit.jupiter.api.Test;

/// Expected values follow from the package's formula by hand; 1e-12 leaves room for rounding only.
class TrueUtilityTest {
  private static final GeneratedTask PARCEL = parcel();

  private static GeneratedTask parcel() {
    SequencedMap<String, String> slots = new LinkedHashMap<>();
    slots.put("name", "Anna");
    slots.put("day", "Friday");
    slots.put("time", "3 pm");
    slots.put("place", "park");
    Facts facts = new Facts("parcel", slots, 0, "");
    return new GeneratedTask(
        "k",
        Split.TRAIN,
        TaskKind.SUMMARISE_NOTIFICATION,
        "t",
        "Summarise this notification.\n" + facts.message() + "\nUse at most 8 words.",
        List.of(new Check.MentionsFacts(List.of("parcel", "Friday")), new Check.MaxWords(8)),
        facts);
  }

  @Test
  void a_complete_short_grounded_answer_is_worth_one() {
    assertThat(TrueUtility.of(PARCEL, "A parcel comes on Friday.")).isEqualTo(1.0, within(1e-12));
  }

  @Test
  void a_wrong_day_costs_a_check_half_the_facts_and_a_hallucination() {
    // c = 1/2; facts said 1/2, one made up: g = 1/4; b = 1: 0.275 + 0.075 + 0.0375
    assertThat(TrueUtility.of(PARCEL, "A parcel comes on Sunday."))
        .isEqualTo(0.3875, within(1e-12));
    assertThat(TrueUtility.hallucinations(PARCEL, "A parcel comes on Sunday."))
        .containsExactly("sunday");
  }

  @Test
  void blank_answers_are_worth_nothing_and_empty_phrases_only_their_checks() {
    assertThat(TrueUtility.of(PARCEL, " \n")).isZero();
    // c = 1/2 (it is short), g = 0, so brevity does not count
    assertThat(TrueUtility.of(PARCEL, "Hello there!")).isEqualTo(0.275, within(1e-12));
  }

  @Test
  void words_beyond_the_comfortable_length_cost_brevity_up_to_twice_that_length() {
    String said = "A parcel comes on Friday";
    double before = 2;
    for (int extra = 0; extra <= 30; extra++) {
      String text = said + " so".repeat(extra) + ".";
      TrueUtility.Components parts = TrueUtility.components(PARCEL, text);
      int words = 5 + extra;
      assertThat(parts.brevity())
          .isEqualTo(words <= 10 ? 1 : Math.max(0, 1 - (words - 10) / 10.0), within(1e-12));
      assertThat(parts.utility()).isLessThanOrEqualTo(before);
      before = parts.utility();
    }
  }

  @Test
  void utility_rises_with_each_good_part_and_falls_with_rudeness() {
    double[] levels = {0, 0.25, 0.5, 0.75, 1};
    for (double c : levels) {
      for (double g : levels) {
        for (double b : levels) {
          double here = new TrueUtility.Components(c, g, b, 0, 0).utility();
          assertThat(here).isBetween(0.0, 1.0 + 1e-12);
          assertThat(new TrueUtility.Components(c + 0.25, g, b, 0, 0).utility())
              .isGreaterThan(here);
          assertThat(new TrueUtility.Components(c, g + 0.25, b, 0, 0).utility())
              .isGreaterThan(here);
          assertThat(new TrueUtility.Components(c, g, b + 0.25, 0, 0).utility())
              .isGreaterThanOrEqualTo(here);
          assertThat(new TrueUtility.Components(c, g, b, 0, 1).utility()).isEqualTo(here / 2);
        }
      }
    }
  }

  @Test
  void a_made_up_name_never_helps() {
    DemonstrationWriter writer = new DemonstrationWriter(1);
    for (GeneratedTask task : new TaskGenerator(1).tasks(Split.TRAIN, null, 0, 700)) {
      String good = writer.reference(task);
      String stranger =
          Lexicon.NAMES.stream()
              .filter(name -> !task.facts().message().contains(name))
              .findFirst()
              .orElseThrow();
      assertThat(TrueUtility.of(task, good + " " + stranger))
          .as(task.prompt() + "\n" + good)
          .isLessThan(TrueUtility.of(task, good));
    }
  }

  @Test
  void the_numbers_of_a_sum_may_be_said_and_another_event_is_made_up() {
    SequencedMap<String, String> slots = new LinkedHashMap<>();
    slots.put("name", "David");
    slots.put("b", "3");
    slots.put("a", "7");
    slots.put("event", "chess");
    slots.put("day", "Friday");
    slots.put("answer", "4");
    GeneratedTask hours =
        new GeneratedTask(
            "k",
            Split.TRAIN,
            TaskKind.ARITHMETIC,
            "t",
            "How many hours is that?",
            List.of(new Check.NumberAnswer(4)),
            new Facts("hours", slots, 0, ""));
    assertThat(TrueUtility.hallucinations(hours, "7 minus 3 is 4.")).isEmpty();
    assertThat(TrueUtility.hallucinations(hours, "Tennis on Friday is 4 hours."))
        .containsExactly("tennis");
  }

  @Test
  void a_minimum_length_and_set_phrases_stretch_what_is_comfortable() {
    GeneratedTask longer =
        new GeneratedTask(
            "k",
            Split.TRAIN,
            PARCEL.kind(),
            "t",
            PARCEL.prompt(),
            List.of(new Check.MinWords(15)),
            PARCEL.facts());
    GeneratedTask framed =
        new GeneratedTask(
            "k",
            Split.TRAIN,
            PARCEL.kind(),
            "t",
            PARCEL.prompt(),
            List.of(new Check.StartsWith("In short:"), new Check.EndsWith("That is all.")),
            PARCEL.facts());
    assertThat(TrueUtility.comfortableWords(framed)).isEqualTo(15);
    assertThat(TrueUtility.comfortableWords(PARCEL)).isEqualTo(10);
    assertThat(TrueUtility.comfortableWords(longer)).isEqualTo(17);
  }

  @Test
  void an_answer_in_words_counts_as_said() {
    for (GeneratedTask task :
        new TaskGenerator(1).tasks(Split.TRAIN, TaskKind.ARITHMETIC, 0, 300)) {
      if (task.checks().contains(new Check.NoDigits())) {
        assertThat(
                TrueUtility.components(task, new DemonstrationWriter(1).reference(task))
                    .grounding())
            .isEqualTo(1.0);
      }
    }
  }
}
