package org.alignmentworkbench.db.task;

import java.time.Instant;

/// The answer to "give me the next one".
public sealed interface Claim {
  /// Here it is.
  record Claimed(ClaimedSlot slot) implements Claim {}

  /// Every wanted judgement of the project is there.
  record NothingLeft() implements Claim {}

  /// Others hold everything that this person could do.
  ///
  /// @param retryAt when the first of those leases ends
  record AllLeased(Instant retryAt) implements Claim {}

  /// This person has given as many judgements of the project as they may.
  ///
  /// @param quota how many that is
  record QuotaReached(int quota) implements Claim {}

  /// What is left is tasks that this person has judged or skipped.
  record AllDoneByYou() implements Claim {}

  /// A lead has to decide before this person is dealt anything.
  record NotAdmitted(Admission why) implements Claim {}
}
