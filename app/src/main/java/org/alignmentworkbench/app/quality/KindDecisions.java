package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.Dimension;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.KindAdjudications.Compared;
import org.alignmentworkbench.db.task.KindAdjudications.Figures;
import org.alignmentworkbench.model.agreement.PassageF1;
import org.alignmentworkbench.model.statistics.Estimate;
import org.alignmentworkbench.model.statistics.Mean;
import org.alignmentworkbench.model.statistics.Proportion;

/// How often people's answers say what a lead decided. Answers to one task are not independent, so
/// an interval of shares is too narrow where few tasks are decided; and leads decide where people
/// disagree, so it is no figure of all answers.
///
/// @param agreement by what is compared: of grades each dimension's level by its key; of a `choice`
///   the side, however strong; of an `order` whether a ranking turns and ties no two answers that
///   were decided apart; of passages `f1`, any reason, its mean over tasks; of texts nothing
record KindDecisions(Figures counts, SequencedMap<String, Estimate> agreement) {
  private static final String NONE = "no answered task was decided";

  static KindDecisions of(Question question, Figures counts, List<Compared> compared) {
    SequencedMap<String, Estimate> agreement = new LinkedHashMap<>();
    switch (question) {
      case Question.Grade(var dimensions) -> {
        for (Dimension dimension : dimensions) {
          agreement.put(dimension.key(), level(dimension.key(), compared));
        }
      }
      case Question.Choice _ -> agreement.put("choice", side(compared));
      case Question.Rank _ -> agreement.put("order", order(compared));
      case Question.Span _ -> agreement.put("f1", passages(compared));
      case Question.Pair _, Question.Demonstration _, Question.Edit _, Question.RedTeam _ -> {}
    }
    return new KindDecisions(counts, agreement);
  }

  private static Estimate level(String key, List<Compared> compared) {
    List<Boolean> same = new ArrayList<>();
    for (Compared each : compared) {
      if (each.decided() instanceof Answer.Graded(var decided)
          && each.said() instanceof Answer.Graded(var said)) {
        same.add(Objects.equals(decided.get(key), said.get(key)));
      }
    }
    return share(same, NONE);
  }

  private static Estimate side(List<Compared> compared) {
    List<Boolean> same = new ArrayList<>();
    for (Compared each : compared) {
      if (each.decided() instanceof Answer.Chosen decided
          && each.said() instanceof Answer.Chosen said) {
        same.add(
            decided.choice() == said.choice()
                && Integer.signum(decided.strength()) == Integer.signum(said.strength()));
      }
    }
    return share(same, NONE);
  }

  /// A decision by which all answers tie has no order to agree with.
  private static Estimate order(List<Compared> compared) {
    List<Boolean> same = new ArrayList<>();
    for (Compared each : compared) {
      if (each.decided() instanceof Answer.Ranked(var decided, var _)
          && each.said() instanceof Answer.Ranked(var said, var _)
          && decided.stream().distinct().count() > 1) {
        same.add(sameOrder(decided, said));
      }
    }
    return share(same, "no answered task was decided with one answer before another");
  }

  private static boolean sameOrder(List<Integer> decided, List<Integer> said) {
    for (int i = 0; i < decided.size(); i++) {
      for (int j = 0; j < decided.size(); j++) {
        if (decided.get(i) < decided.get(j) && said.get(i) >= said.get(j)) {
          return false;
        }
      }
    }
    return true;
  }

  /// The mean over tasks of what each answer has in common with the decision; of two that mark
  /// nothing there is none.
  private static Estimate passages(List<Compared> compared) {
    SequencedMap<Long, Mean> tasks = new LinkedHashMap<>();
    for (Compared each : compared) {
      OptionalDouble f1 = PassageF1.of(spans(each.decided()), spans(each.said()));
      f1.ifPresent(value -> tasks.computeIfAbsent(each.taskId(), _ -> new Mean()).add(value));
    }
    Mean mean = new Mean();
    tasks.values().forEach(task -> mean.add(task.mean()));
    return KindReport.mean(mean, "no answered task was decided in which something was marked");
  }

  private static List<PassageF1.Span> spans(Answer answer) {
    return answer instanceof Answer.Marked(var passages)
        ? passages.stream()
            .map(passage -> new PassageF1.Span(passage.from(), passage.to()))
            .toList()
        : List.of();
  }

  private static Estimate share(List<Boolean> same, String none) {
    return same.isEmpty()
        ? new Estimate.Undefined(none)
        : new Proportion(same.stream().filter(each -> each).count(), same.size()).estimate();
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tasks", counts.decided());
    json.put("withoutAnswer", counts.withoutAnswer());
    Map<String, Object> figures = new LinkedHashMap<>();
    agreement.forEach((key, each) -> figures.put(key, QualityJson.figure(each)));
    json.put("agreement", figures);
    json.put("withdrawn", counts.withdrawn());
    json.put("undone", counts.undone());
    return json;
  }
}
