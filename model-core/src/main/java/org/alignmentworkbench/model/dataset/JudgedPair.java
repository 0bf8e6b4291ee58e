package org.alignmentworkbench.model.dataset;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// One person's judgement of one pair, with everything that is known of it: what exports are made
/// of.
///
/// @param id names the judgement among all of a project: the pair's key and a number
/// @param pair the pair's key
/// @param promptKey names the prompt
/// @param round the round of the loop that asked for it
/// @param status judged, skipped, or judged and withdrawn
/// @param prompt what was asked
/// @param responseA the answer that the pair names first, whatever side it was shown on
/// @param responseB the other answer
/// @param responseAKey names the first answer
/// @param responseBKey names the other answer
/// @param strength negative where A is better; null where it was skipped
/// @param aLeft whether A was shown on the left; null where it was skipped
/// @param grades numbers given to single answers, by question such as `a_concision`
/// @param reason why, in the person's words; empty where nothing was said
/// @param annotator the person's name
/// @param activeMs time spent, milliseconds
/// @param guidelineVersion of the guideline that was shown; null where it was skipped
/// @param scripted whether a program judged
/// @param createdAt when, as ISO 8601 in UTC
/// @param decision of a lead on the pair; null where there is none
/// @param withdrawal why the judgement counts no more; null unless it was withdrawn
/// @param language of the prompt, as its maker said it; null where nobody did
public record JudgedPair(
    String id,
    String pair,
    String promptKey,
    int round,
    Status status,
    String prompt,
    String responseA,
    String responseB,
    String responseAKey,
    String responseBKey,
    @Nullable Integer strength,
    @Nullable Boolean aLeft,
    SequencedMap<String, Integer> grades,
    String reason,
    String annotator,
    @Nullable Long activeMs,
    @Nullable Integer guidelineVersion,
    boolean scripted,
    String createdAt,
    @Nullable Decision decision,
    @Nullable Withdrawal withdrawal,
    @Nullable String language) {

  /// What a lead decided of the pair, whatever the judgement.
  ///
  /// @param strength as of a judgement; null where no preference can be had
  /// @param by the lead's name
  public record Decision(@Nullable Integer strength, String by, String reason) {}

  /// Who withdrew a judgement, and why.
  ///
  /// @param at when, as ISO 8601 in UTC
  /// @param by the name of whoever did: a lead, or whoever had judged
  /// @param why `lead` or `undo`
  /// @param note what the lead said of it; empty where nothing was said
  public record Withdrawal(String at, String by, String why, String note) {}

  /// A judgement that stands, of a pair that no lead decided and a prompt whose language nobody
  /// said.
  public JudgedPair(
      String id,
      String pair,
      String promptKey,
      int round,
      Status status,
      String prompt,
      String responseA,
      String responseB,
      String responseAKey,
      String responseBKey,
      @Nullable Integer strength,
      @Nullable Boolean aLeft,
      SequencedMap<String, Integer> grades,
      String reason,
      String annotator,
      @Nullable Long activeMs,
      @Nullable Integer guidelineVersion,
      boolean scripted,
      String createdAt) {
    this(
        id,
        pair,
        promptKey,
        round,
        status,
        prompt,
        responseA,
        responseB,
        responseAKey,
        responseBKey,
        strength,
        aLeft,
        grades,
        reason,
        annotator,
        activeMs,
        guidelineVersion,
        scripted,
        createdAt,
        null,
        null,
        null);
  }

  /// What somebody did with a pair.
  public enum Status {
    JUDGED,
    SKIPPED,
    /// Judged, and counted no more since.
    WITHDRAWN
  }

  public JudgedPair {
    if ((status == Status.SKIPPED) != (strength == null)) {
      throw new IllegalArgumentException(
          "judgement " + id + ": a judged pair has a strength and a skipped one has none");
    }
    if ((status == Status.WITHDRAWN) != (withdrawal != null)) {
      throw new IllegalArgumentException(
          "judgement " + id + ": a withdrawn judgement has a withdrawal and no other has");
    }
    if (strength != null && strength == 0) {
      throw new IllegalArgumentException("judgement " + id + ": the strength must not be 0");
    }
    grades = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(grades));
  }

  /// Whether A is the better answer; false where B is or nothing was said.
  boolean prefersA() {
    return strength != null && strength < 0;
  }

  String chosen() {
    return prefersA() ? responseA : responseB;
  }

  String rejected() {
    return prefersA() ? responseB : responseA;
  }
}
