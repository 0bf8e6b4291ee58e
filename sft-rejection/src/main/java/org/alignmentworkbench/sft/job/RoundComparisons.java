package org.alignmentworkbench.sft.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.alignmentworkbench.db.response.Response;
import org.alignmentworkbench.db.task.Comparison;
import org.alignmentworkbench.model.random.CounterStream;

/// Which two responses to a prompt are compared.
///
/// A permutation named by the prompt chooses: its first response, and the first after it with
/// another text, of another member if there is one. A prompt whose responses all read the same asks
/// for no judgement.
final class RoundComparisons {
  private RoundComparisons() {}

  /// One comparison a prompt, in the order of the prompts' keys; `promptKey` names a response's
  /// prompt.
  static List<Comparison> choose(
      List<Response> responses,
      java.util.function.Function<Response, String> promptKey,
      long seed) {
    var byPrompt = new TreeMap<String, List<Response>>();
    for (Response response : responses) {
      byPrompt.computeIfAbsent(promptKey.apply(response), key -> new ArrayList<>()).add(response);
    }
    var comparisons = new ArrayList<Comparison>();
    byPrompt.forEach((key, list) -> {
      int[] order = CounterStream.named(seed, "comparison", key).permutation(list.size());
      Response first = list.get(order[0]);
      List<Response> different = new ArrayList<>();
      for (int i : order) {
        if (!list.get(i).text().equals(first.text())) {
          different.add(list.get(i));
        }
      }
      Optional<Response> second =
          different.stream()
              .filter(r -> !r.member().equals(first.member()))
              .findFirst()
              .or(() -> different.stream().findFirst());
      second.ifPresent(
          other -> comparisons.add(new Comparison(first.promptId(), first.id(), other.id())));
    });
    return comparisons;
  }
}
