package org.alignmentworkbench.sft.committee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.random.CounterStream;
import org.alignmentworkbench.sft.committee.BestOfCommittee.Filter;
import org.junit.jupiter.api.Test;

class BestOfCommitteeTest {
  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate("p2", "p2/b", "dpo", 0.5, true),
          new Candidate("p2", "p2/a", "sft", 0.5, true),
          new Candidate("p1", "p1/a", "sft", 3, false),
          new Candidate("p1", "p1/b", "dpo", 1, true),
          new Candidate("p1", "p1/c", "mdloo", Double.NaN, true),
          new Candidate("p3", "p3/a", "sft", -1, false));

  @Test
  void takes_the_highest_reward_of_each_prompt_and_breaks_ties_by_key() {
    Selection selection = BestOfCommittee.select(CANDIDATES, Filter.NONE);
    assertThat(selection.best()).extracting(Candidate::key).containsExactly("p1/a", "p2/a", "p3/a");
    assertThat(selection.unscorable()).isEqualTo(1);
    assertThat(selection.rejected()).isZero();
    assertThat(selection.promptsWithoutAnswer()).isZero();
  }

  @Test
  void the_filter_turns_away_what_breaks_an_instruction_however_well_rewarded() {
    Selection selection = BestOfCommittee.select(CANDIDATES, Filter.VERIFIED);
    assertThat(selection.best()).extracting(Candidate::key).containsExactly("p1/b", "p2/a");
    assertThat(selection.rejected()).isEqualTo(2);
    assertThat(selection.promptsWithoutAnswer()).isEqualTo(1);
    assertThat(selection.chosenByMember()).containsEntry("dpo", 1).containsEntry("sft", 1);
  }

  @Test
  void the_order_of_the_candidates_changes_nothing() {
    Selection expected = BestOfCommittee.select(CANDIDATES, Filter.NONE);
    for (int trial = 0; trial < 20; trial++) {
      var shuffled = new ArrayList<Candidate>();
      for (int i : CounterStream.of(1, "order", trial, 0).permutation(CANDIDATES.size())) {
        shuffled.add(CANDIDATES.get(i));
      }
      assertThat(BestOfCommittee.select(shuffled, Filter.NONE)).isEqualTo(expected);
    }
  }

  @Test
  void a_candidate_with_an_infinite_reward_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Candidate("p", "k", "m", Double.POSITIVE_INFINITY, true))
        .withMessageContaining("candidate k");
  }

  @Test
  void each_family_keeps_its_best_member_before_second_ones_come_in() {
    var elected =
        CommitteeElection.elect(
            List.of(
                new Standing("sft-1", "sft", 0.1, 0.30),
                new Standing("mdloo-1", "mdloo", 0.9, 0.60),
                new Standing("mdloo-2", "mdloo", 1.2, 0.70),
                new Standing("dpo-1", "dpo", 0.4, 0.40),
                new Standing("dpo-2", "dpo", 0.5, 0.40)),
            4);
    assertThat(elected)
        .extracting(Standing::member)
        .containsExactly("mdloo-2", "mdloo-1", "dpo-2", "sft-1");
  }

  @Test
  void an_election_without_seats_candidates_or_with_a_double_is_refused() {
    var one = new Standing("a", "sft", 0, 0.5);
    assertThatIllegalArgumentException().isThrownBy(() -> CommitteeElection.elect(List.of(one), 0));
    assertThatIllegalArgumentException().isThrownBy(() -> CommitteeElection.elect(List.of(), 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommitteeElection.elect(List.of(one, one), 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Standing("a", "sft", Double.NaN, 0));
  }
}
