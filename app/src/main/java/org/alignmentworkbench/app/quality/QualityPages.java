package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.app.quality.Cells.Bar;
import org.alignmentworkbench.app.quality.Cells.Cell;
import org.alignmentworkbench.app.quality.Cells.Scale;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.view.QualityView.Known;
import org.alignmentworkbench.db.view.QualityView.TaskLine;
import org.alignmentworkbench.model.agreement.ConfusionMatrix;
import org.alignmentworkbench.model.agreement.KrippendorffAlpha.Level;
import org.alignmentworkbench.model.agreement.PositionBias;
import org.alignmentworkbench.model.agreement.SwappedPairs;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Proportion;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// A report as the page shows it, everything formatted.
@Component
class QualityPages {
  private static final int EXCERPT = 120;

  /// Tasks in which majority and consensus differ that are shown.
  private static final int DIFFERING = 25;

  /// Steps of a cell's shade in the confusion matrix; a class of the style sheet each.
  private static final int SHADES = 8;

  private final Cells cells;
  private final Formats formats;
  private final Words words;

  QualityPages(Cells cells, Formats formats, Words words) {
    this.cells = cells;
    this.formats = formats;
    this.words = words;
  }

  /// A row of an agreement table.
  ///
  /// @param bar alpha of the level that fits, drawn
  record AgreementRow(
      String name,
      String values,
      Cell percent,
      Cell nominal,
      Cell ordinal,
      Cell interval,
      Cell ratio,
      Cell fleiss,
      @Nullable Bar bar) {}

  /// Two people.
  record PairRow(
      long firstId,
      long secondId,
      String first,
      String second,
      Cell percent,
      Cell alpha,
      Cell plain,
      Cell linear,
      Cell quadratic,
      boolean chosen) {}

  /// A value of the histogram.
  ///
  /// @param length of its bar, in units of the drawing
  record BarRow(String value, String count, Cell share, String length) {}

  /// A cell of the confusion matrix.
  record Shaded(String count, int shade) {}

  /// A row of the confusion matrix.
  record ConfusionRow(String value, List<Shaded> cells) {}

  /// The confusion matrix.
  ///
  /// @param whose rows and columns are, in words
  record Confusion(String whose, List<String> columns, List<ConfusionRow> rows) {}

  /// The swap test of some pairs of answers.
  record SwapRow(
      String name, String pairs, Cell consistent, Cell bias, String p, String left, String right) {}

  /// One person.
  record PersonRow(
      String name,
      String judgements,
      Cell leftShare,
      @Nullable Bar leftBar,
      Cell gold,
      Cell accuracy,
      Cell median,
      String quarters,
      String total) {}

  /// A comparison that the votes and the consensus see differently.
  record VoteRow(
      long taskId,
      String key,
      String prompt,
      String votes,
      String majority,
      String consensus,
      String probability) {}

  /// A comparison whose better answer is known.
  record KnownRow(long taskId, String key, String better, Cell right) {}

  /// Agreement on each dimension.
  List<AgreementRow> dimensions(Map<Dimension, Agreement> dimensions) {
    Scale scale =
        Scale.of(
            dimensions.entrySet().stream()
                .map(each -> each.getValue().alpha(each.getKey().level()))
                .toList());
    return dimensions.entrySet().stream()
        .map(each -> row(name(each.getKey()), each.getValue(), each.getKey().level(), scale))
        .toList();
  }

  /// Agreement on the measures of a kind.
  List<AgreementRow> agreements(
      Map<String, Agreement> agreements,
      UnaryOperator<String> name,
      Function<String, Level> level) {
    Scale scale =
        Scale.of(
            agreements.entrySet().stream()
                .map(each -> each.getValue().alpha(level.apply(each.getKey())))
                .toList());
    return agreements.entrySet().stream()
        .map(each ->
            row(name.apply(each.getKey()), each.getValue(), level.apply(each.getKey()), scale))
        .toList();
  }

  String name(Dimension dimension) {
    return words.of("quality.on." + dimension.key());
  }

  /// @param prefix of the messages that name the groups, empty where they are shown as they are
  List<AgreementRow> groups(List<Group> groups, Level level, String prefix) {
    Scale scale = Scale.of(groups.stream().map(group -> group.agreement().alpha(level)).toList());
    return groups.stream()
        .map(group -> row(groupName(group, prefix), group.agreement(), level, scale))
        .toList();
  }

  private String groupName(Group group, String prefix) {
    if (group.name().isEmpty()) {
      return words.of("quality.notSaid");
    }
    return prefix.isEmpty() ? group.name() : words.orElse(prefix + group.name(), group.name());
  }

  private AgreementRow row(String name, Agreement agreement, Level level, Scale scale) {
    return new AgreementRow(
        name,
        formats.number(agreement.values()),
        cells.share(agreement.percent()),
        cells.coefficient(agreement.nominal()),
        cells.coefficient(agreement.ordinal()),
        cells.coefficient(agreement.interval()),
        cells.coefficient(agreement.ratio()),
        cells.coefficient(agreement.fleiss()),
        Cells.bar(agreement.alpha(level), scale));
  }

  List<PairRow> pairs(
      List<PairAgreement> pairs, Map<Long, String> names, @Nullable PairAgreement chosen) {
    return pairs.stream()
        .map(pair ->
            new PairRow(
                pair.first(),
                pair.second(),
                name(names, pair.first()),
                name(names, pair.second()),
                cells.share(pair.percent()),
                cells.coefficient(pair.alpha()),
                cells.coefficient(pair.plain()),
                cells.coefficient(pair.linear()),
                cells.coefficient(pair.quadratic()),
                pair.equals(chosen)))
        .toList();
  }

  private static String name(Map<Long, String> names, long person) {
    return names.getOrDefault(person, Formats.NONE);
  }

  List<BarRow> histogram(Histogram histogram, Dimension dimension) {
    return histogram(histogram, value -> sided(dimension, value));
  }

  /// @param name of a value
  List<BarRow> histogram(Histogram histogram, DoubleFunction<String> name) {
    long most = 0;
    for (Histogram.Bar bar : histogram.bars()) {
      most = Math.max(most, bar.count());
    }
    List<BarRow> rows = new ArrayList<>();
    for (Histogram.Bar bar : histogram.bars()) {
      rows.add(
          new BarRow(
              name.apply(bar.value()),
              formats.number(bar.count()),
              cells.share(bar.share()),
              Cells.length(most == 0 ? 0 : (double) bar.count() / most)));
    }
    return rows;
  }

  /// A value of seven points by the side it stands for.
  ///
  /// @param strength whether it says by how much
  String sided(double value, boolean strength) {
    String better =
        strength
            ? words.of("quality.strength." + (int) (Math.abs(value) + 1))
            : words.of("quality.better");
    return words.of(value < 0 ? "quality.left" : "quality.right", better);
  }

  /// A value by the side it stands for.
  private String sided(Dimension dimension, double value) {
    return dimension.sided()
        ? words.of(
            value < 0 ? "quality.left" : "quality.right", strength(dimension, Math.abs(value)))
        : words.of("label.grade." + (int) value);
  }

  /// A value by the answer it stands for.
  String answered(Dimension dimension, double value) {
    return dimension.sided()
        ? words.of(value < 0 ? "quality.a" : "quality.b", strength(dimension, Math.abs(value)))
        : words.of("label.grade." + (int) value);
  }

  private String strength(Dimension dimension, double strength) {
    return dimension == Dimension.CHOICE
        ? words.of("quality.better")
        : words.of("quality.strength." + (int) strength);
  }

  /// @param pair whose matrix it is, or null for everybody's
  Confusion confusion(
      ConfusionMatrix matrix,
      Dimension dimension,
      @Nullable PairAgreement pair,
      Map<Long, String> names) {
    return confusion(
        matrix,
        value -> answered(dimension, value),
        pair == null
            ? words.of("quality.confusion.all")
            : words.of(
                "quality.confusion.pair", name(names, pair.first()), name(names, pair.second())));
  }

  /// Everybody's matrix of any scale.
  ///
  /// @param name of a value
  Confusion confusion(ConfusionMatrix matrix, DoubleFunction<String> name) {
    return confusion(matrix, name, words.of("quality.confusion.all"));
  }

  private Confusion confusion(ConfusionMatrix matrix, DoubleFunction<String> name, String whose) {
    long[][] counts = matrix.counts();
    long most = Arrays.stream(counts).flatMapToLong(Arrays::stream).max().orElse(0);
    List<String> values = Arrays.stream(matrix.categories()).mapToObj(name).toList();
    List<ConfusionRow> rows = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      rows.add(
          new ConfusionRow(
              values.get(i),
              Arrays.stream(counts[i])
                  .mapToObj(count -> new Shaded(formats.number(count), shade(count, most)))
                  .toList()));
    }
    return new Confusion(whose, values, rows);
  }

  /// Any count has a shade, so that rare ones are seen.
  private static int shade(long count, long most) {
    return count == 0 ? 0 : 1 + (int) ((SHADES - 1) * count / most);
  }

  /// What a page tells of sides, by the names that its parts have.
  Map<String, Object> position(Position position) {
    return Map.of(
        "leftShare",
        share(position.bias().leftShare()),
        "sides",
        sides(position.bias()),
        "swaps",
        List.of(
            swapped("quality.swap.person", position.samePerson()),
            swapped("quality.swap.anybody", position.anybody())));
  }

  /// What a page tells of majority and consensus, by the names that its parts have.
  ///
  /// @param rows of the tasks in which they differ
  Map<String, Object> votes(Votes votes, Function<List<Votes.Differing>, List<?>> rows) {
    List<Votes.Differing> shown = votes.differing().stream().limit(DIFFERING).toList();
    return Map.of(
        "same",
        share(votes.same()),
        "tied",
        formats.number(votes.tied()),
        "differingInAll",
        formats.number(votes.differing().size()),
        "differingShown",
        formats.number(shown.size()),
        "differingLeftOut",
        shown.size() < votes.differing().size(),
        "differing",
        rows.apply(shown));
  }

  SwapRow swapped(String key, SwappedPairs pairs) {
    return new SwapRow(
        words.of(key),
        formats.number(pairs.n()),
        cells.share(pairs.consistent()),
        cells.difference(pairs.bias()),
        pairs.n() == 0 ? Formats.NONE : formats.significant(pairs.p(), 2),
        formats.number(pairs.bothLeft()),
        formats.number(pairs.bothRight()));
  }

  /// How often the left side wins, with its p-value, in words.
  String sides(PositionBias bias) {
    return words.of(
        "quality.sides",
        formats.number(bias.left()),
        formats.number(bias.right()),
        bias.left() + bias.right() == 0 ? Formats.NONE : formats.significant(bias.p(), 2));
  }

  List<PersonRow> people(List<PersonQuality> people, Map<Long, String> names) {
    return people.stream()
        .map(person ->
            new PersonRow(
                name(names, person.personId()),
                formats.number(person.judgements()),
                cells.share(person.leftShare()),
                Cells.bar(person.leftShare(), Scale.SHARES),
                cells.share(person.gold()),
                cells.share(person.accuracy()),
                cells.seconds(person.time().median()),
                quarters(person.time()),
                formats.duration(person.time().total())))
        .toList();
  }

  /// Where the middle half of the times lies; empty without times.
  String quarters(TimeOnTask time) {
    return time.quarters() == null
        ? ""
        : words.of(
            "quality.time.quarters",
            cells.seconds(time.quarters().lower()),
            cells.seconds(time.quarters().upper()));
  }

  List<VoteRow> votes(List<Votes.Differing> differing, Map<Long, TaskLine> tasks) {
    List<VoteRow> rows = new ArrayList<>();
    for (Votes.Differing comparison : differing) {
      @Nullable TaskLine task = tasks.get(comparison.taskId());
      if (task != null) {
        rows.add(
            new VoteRow(
                task.id(),
                task.key(),
                formats.excerpt(task.prompt(), EXCERPT),
                words.of(
                    "quality.votes.counts",
                    formats.number(comparison.forA()),
                    formats.number(comparison.forB())),
                comparison.tied()
                    ? words.of("quality.votes.tie")
                    : side(comparison.forB() > comparison.forA()),
                side(comparison.probabilityOfB() > 0.5),
                formats.decimal(comparison.certainty(), 3)));
      }
    }
    return rows;
  }

  /// Tasks whose choices may have more than two values.
  ///
  /// @param name of a value
  List<VoteRow> choices(
      List<Votes.Differing> differing, Map<Long, TaskLine> tasks, DoubleFunction<String> name) {
    List<VoteRow> rows = new ArrayList<>();
    for (Votes.Differing choice : differing) {
      @Nullable TaskLine task = tasks.get(choice.taskId());
      if (task != null) {
        rows.add(
            new VoteRow(
                task.id(),
                task.key(),
                formats.excerpt(task.prompt(), EXCERPT),
                choice.votes().stream()
                    .filter(vote -> vote.count() > 0)
                    .map(vote ->
                        words.of(
                            "kindQuality.votes.count",
                            name.apply(vote.value()),
                            formats.number(vote.count())))
                    .collect(Collectors.joining(" · ")),
                choice.tied()
                    ? words.of("kindQuality.votes.none")
                    : name.apply(choice.majority().value()),
                name.apply(choice.consensus().value()),
                formats.decimal(choice.certainty(), 3)));
      }
    }
    return rows;
  }

  List<KnownRow> known(List<Known> known) {
    return known.stream()
        .map(task ->
            new KnownRow(
                task.taskId(),
                task.key(),
                side(task.bWins()),
                cells.share(
                    task.judged() == 0
                        ? new Estimate.Undefined(words.of("quality.known.notJudged"))
                        : new Proportion(task.right(), task.judged()).estimate())))
        .toList();
  }

  /// An answer's name.
  String side(boolean b) {
    return words.of(b ? "quality.answer.b" : "quality.answer.a");
  }

  Cell share(Estimate estimate) {
    return cells.share(estimate);
  }

  Cell coefficient(Estimate estimate) {
    return cells.coefficient(estimate);
  }

  Cell seconds(Estimate estimate) {
    return cells.seconds(estimate);
  }
}
