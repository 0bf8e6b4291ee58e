package org.alignmentworkbench.annotation.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.alignmentworkbench.db.task.Claim;
import org.alignmentworkbench.db.task.Grades;
import org.junit.jupiter.api.Test;

class JudgementFormTest {
  private final UUID key = UUID.fromString("6f1c2b1e-8f5e-4a54-9c8a-0c7d3c9b8a11");

  private JudgementForm form(Map<String, String> changed) {
    Map<String, String> fields = new HashMap<>(DeskVisitor.judgement(key, -4));
    fields.putAll(changed);
    return JudgementForm.read(fields::get);
  }

  @Test
  void a_whole_form_is_a_submission_of_what_it_says() {
    var submission = form(Map.of("guidelineVersion", "3")).submission(7, 8, true);
    assertThat(submission.strength()).isEqualTo(-4);
    assertThat(submission.left()).isEqualTo(new Grades(0, 1, 2, 0));
    assertThat(submission.right()).isEqualTo(new Grades(1, 2, 0, 1));
    assertThat(submission.reason()).isEqualTo("shorter");
    assertThat(submission.activeMs()).isEqualTo(4200);
    assertThat(submission.guidelineVersion()).isEqualTo(3);
    assertThat(submission.key()).isEqualTo(key);
    assertThat(submission.scripted()).isTrue();
  }

  @Test
  void a_value_out_of_range_is_no_value() {
    assertThat(form(Map.of("strength", "0")).problems())
        .containsExactly(JudgementForm.Problem.MISSING_STRENGTH);
    assertThat(form(Map.of("strength", "5")).problems())
        .containsExactly(JudgementForm.Problem.MISSING_STRENGTH);
    assertThat(form(Map.of("strength", "1e3")).problems())
        .containsExactly(JudgementForm.Problem.MISSING_STRENGTH);
    assertThat(form(Map.of("left.truthfulness", "3")).problems())
        .containsExactly(JudgementForm.Problem.MISSING_GRADES);
    assertThat(form(Map.of("right.harmlessness", "-1")).problems())
        .containsExactly(JudgementForm.Problem.MISSING_GRADES);
    assertThat(form(Map.of("key", "1-2-3-4-5")).problems())
        .containsExactly(JudgementForm.Problem.UNREADABLE);
    assertThat(form(Map.of("reason", "x".repeat(4001))).problems())
        .containsExactly(JudgementForm.Problem.REASON_TOO_LONG);
    assertThat(form(Map.of("reason", "x".repeat(4000))).problems()).isEmpty();
    assertThat(form(Map.of("activeMillis", "99999999999999999999")).activeMillis()).isZero();
  }

  @Test
  void of_two_reasons_for_nothing_the_one_that_ends_first_is_told() {
    Claim done = new Claim.AllDoneByYou();
    Claim nothing = new Claim.NothingLeft();
    Claim early = new Claim.AllLeased(Instant.parse("2026-01-01T10:00:00Z"));
    Claim late = new Claim.AllLeased(Instant.parse("2026-01-01T11:00:00Z"));
    assertThat(DeskController.moreHopeful(nothing, done)).isEqualTo(done);
    assertThat(DeskController.moreHopeful(done, nothing)).isEqualTo(done);
    assertThat(DeskController.moreHopeful(done, late)).isEqualTo(late);
    assertThat(DeskController.moreHopeful(late, done)).isEqualTo(late);
    assertThat(DeskController.moreHopeful(late, early)).isEqualTo(early);
    assertThat(DeskController.moreHopeful(early, late)).isEqualTo(early);
  }
}
