package org.alignmentworkbench.app.quality;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.model.statistics.Estimate;

/// What is known of one person's judgements.
///
/// @param leftShare share of judgements for the answer on the left
/// @param gold share of right ones where the better answer is known
/// @param accuracy probability of choosing what Dawid and Skene's algorithm holds true
record PersonQuality(
    long personId,
    long judgements,
    Estimate leftShare,
    Estimate gold,
    Estimate accuracy,
    TimeOnTask time) {

  /// Everybody, in order of their numbers.
  static List<PersonQuality> of(Collection<Reading> readings, Votes votes) {
    Map<Long, List<Reading>> byPerson = new TreeMap<>();
    for (Reading reading : readings) {
      byPerson.computeIfAbsent(reading.personId(), _ -> new ArrayList<>()).add(reading);
    }
    List<PersonQuality> people = new ArrayList<>();
    byPerson.forEach((person, own) ->
        people.add(
            new PersonQuality(
                person,
                own.size(),
                Position.bias(own).leftShare(),
                Gold.of(own).accuracy(),
                // Without accuracies the reason is the one that there is no consensus.
                votes.accuracy().getOrDefault(person, votes.same()),
                TimeOnTask.of(own))));
    return people;
  }
}
