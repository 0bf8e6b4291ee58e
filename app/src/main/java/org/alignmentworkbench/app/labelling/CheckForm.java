package org.alignmentworkbench.app.labelling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.web.Words;
import org.alignmentworkbench.db.task.CheckRule;
import org.alignmentworkbench.db.task.CheckRule.Below;
import org.jspecify.annotations.Nullable;

/// The fields of a project's rule of checks, as they were typed.
record CheckForm(
    String checkPercent,
    String repeatPercent,
    boolean agreementShown,
    String passPercent,
    String passAfter,
    String below,
    String qualifyCount,
    String qualifyPercent) {

  static CheckForm of(CheckRule rule) {
    return new CheckForm(
        Integer.toString(rule.checkPercent()),
        Integer.toString(rule.repeatPercent()),
        rule.agreementShown(),
        Integer.toString(rule.passPercent()),
        Integer.toString(rule.passAfter()),
        rule.below().name(),
        Integer.toString(rule.qualifyCount()),
        Integer.toString(rule.qualifyPercent()));
  }

  static CheckForm read(Map<String, String> fields) {
    return new CheckForm(
        fields.getOrDefault("checkPercent", ""),
        fields.getOrDefault("repeatPercent", ""),
        fields.containsKey("agreementShown"),
        fields.getOrDefault("passPercent", ""),
        fields.getOrDefault("passAfter", ""),
        fields.getOrDefault("below", ""),
        fields.getOrDefault("qualifyCount", ""),
        fields.getOrDefault("qualifyPercent", ""));
  }

  /// What happens below the pass mark, in the order of the page.
  public List<Below> belows() {
    return List.of(Below.values());
  }

  /// Every field whose value breaks its rule, in words.
  List<String> problems(Words words) {
    List<String> problems = new ArrayList<>();
    check(problems, words, "checkPercent", checkPercent, 0, CheckRule.MOST_PERCENT);
    check(problems, words, "repeatPercent", repeatPercent, 0, CheckRule.MOST_PERCENT);
    check(problems, words, "passPercent", passPercent, 1, 100);
    check(problems, words, "passAfter", passAfter, 1, CheckRule.LATEST);
    check(problems, words, "qualifyCount", qualifyCount, 0, CheckRule.MOST_QUALIFYING);
    check(problems, words, "qualifyPercent", qualifyPercent, 1, 100);
    if (belows().stream().noneMatch(each -> each.name().equals(below))) {
      problems.add(words.of("checks.below.unknown", below));
    }
    return problems;
  }

  private static void check(
      List<String> problems, Words words, String field, String typed, int least, int most) {
    @Nullable Integer value = number(typed);
    if (value == null || value < least || value > most) {
      problems.add(words.of("checks.range", words.of("checks." + field), least, most, typed));
    }
  }

  private static @Nullable Integer number(String typed) {
    return typed.strip().matches("[0-9]{1,6}") ? Integer.valueOf(typed.strip()) : null;
  }

  /// The rule, where there are no [#problems].
  CheckRule rule() {
    return new CheckRule(
        Integer.parseInt(checkPercent.strip()),
        Integer.parseInt(repeatPercent.strip()),
        agreementShown,
        Integer.parseInt(passPercent.strip()),
        Integer.parseInt(passAfter.strip()),
        Below.valueOf(below),
        Integer.parseInt(qualifyCount.strip()),
        Integer.parseInt(qualifyPercent.strip()));
  }
}
