package org.alignmentworkbench.synthetic.filter;

import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.synthetic.task.Checks;
import org.alignmentworkbench.synthetic.task.GeneratedTask;
import org.alignmentworkbench.synthetic.utility.TrueUtility;

/// Keeps a response when it passes every check of its task and mentions nothing that its message
/// does not hold. It looks at nothing else: which of the kept ones is best is for the reward model.
public final class VerifiableFilter {
  private VerifiableFilter() {}

  public static FilterOutcome decide(GeneratedTask task, String response) {
    List<String> reasons = new ArrayList<>(Checks.evaluate(task, response).faults());
    for (String made : TrueUtility.hallucinations(task, response)) {
      reasons.add("mentions " + made + ", which the message does not");
    }
    return reasons.isEmpty() ? new FilterOutcome.Kept() : new FilterOutcome.Rejected(reasons);
  }
}
