package org.alignmentworkbench.app.labelling;

import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.annotation.page.Moment;
import org.alignmentworkbench.annotation.page.Progress;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Setup;
import org.springframework.stereotype.Component;

/// Set-ups as lists show them.
@Component
class SetupRows {
  private final Formats formats;
  private final Words words;

  SetupRows(Formats formats, Words words) {
    this.formats = formats;
    this.words = words;
  }

  /// An earlier set-up.
  ///
  /// @param comparison whether its judgements leave with the project's comparisons
  /// @param learnable whether its answers can be learnt as they are
  record Row(
      long id,
      String kind,
      String question,
      String overlap,
      String tasks,
      Progress progress,
      String who,
      Moment when,
      boolean comparison,
      boolean learnable) {}

  Row of(Setup setup) {
    return new Row(
        setup.id(),
        words.of("setup.kind." + setup.question().kind()),
        setup.mixed() ? words.of("setup.told.mixed", told(setup)) : told(setup),
        formats.number(setup.overlap()),
        formats.number(setup.tasks()),
        new Progress(
            setup.judged(),
            setup.wanted(),
            words.of("run.steps", formats.number(setup.judged()), formats.number(setup.wanted()))),
        setup.madeBy(),
        formats.moment(setup.madeAt()),
        setup.question().kind() == TaskKind.PAIR,
        learnable(setup));
  }

  static boolean learnable(Setup setup) {
    return setup.question() instanceof Question.Demonstration
        || setup.question() instanceof Question.Edit;
  }

  private String told(Setup setup) {
    return switch (setup.question()) {
      case Question.Pair _ -> words.of("setup.told.pair");
      case Question.Choice(boolean bothBad) -> {
        String told =
            words.of(
                bothBad ? "setup.told.bothBad" : "setup.told.choice",
                formats.number(setup.undecided().ties()),
                formats.number(setup.undecided().bothBad()));
        yield setup.repeatPercent() == 0
            ? told
            : words.of("setup.told.repeats", told, formats.number(setup.repeatPercent()));
      }
      case Question.Grade(var dimensions) ->
          dimensions.stream().map(Dimension::name).collect(Collectors.joining(" · "));
      case Question.Rank(boolean ties) -> words.of(ties ? "setup.told.ties" : "setup.told.noTies");
      case Question.Demonstration(int least) -> words.of("setup.told.least", formats.number(least));
      case Question.Edit _ -> words.of("setup.told.edit");
      case Question.RedTeam(var harm, var policies) ->
          words.of("work.harm." + harm) + ": " + String.join(" · ", policies);
      case Question.Span(var reasons) -> String.join(" · ", reasons);
    };
  }
}
