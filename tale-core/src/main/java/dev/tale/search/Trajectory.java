package dev.tale.search;

import dev.tale.evaluate.Configuration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything a search saw.
 *
 * @param baseline the unpruned model
 * @param rounds the rounds in order; one may have accepted nothing. Of a round that the budget cut
 *     short there is what was scored on every row
 * @param remarks what a reader has to know besides: what was not looked at, what ended the search
 *     early
 * @param complete whether the search ended by its own rule; false if its budget ended it
 */
public record Trajectory(
    Configuration baseline, List<Round> rounds, List<String> remarks, boolean complete) {

  /** Copies the lists. */
  public Trajectory {
    rounds = List.copyOf(rounds);
    remarks = List.copyOf(remarks);
  }

  /** Creates the trajectory of a search that ended by its own rule, without remarks. */
  public Trajectory(Configuration baseline, List<Round> rounds) {
    this(baseline, rounds, List.of(), true);
  }

  Trajectory remarking(String remark) {
    return new Trajectory(
        baseline, rounds, Stream.concat(remarks.stream(), Stream.of(remark)).toList(), complete);
  }

  /**
   * Returns the baseline, then every accepted configuration in the order of acceptance. One may
   * remove several layers more than the one before, or other ones, or fewer: greedy search adds one
   * each time, others do not.
   */
  public List<Configuration> path() {
    List<Configuration> path = new ArrayList<>();
    path.add(baseline);
    rounds.stream().map(Round::accepted).flatMap(Optional::stream).forEach(path::add);
    return List.copyOf(path);
  }

  /**
   * Returns the best configuration with so many removed layers, of all that were scored on every
   * row, accepted or not: it may be under the floor. Those that a guard refused do not count, but
   * one that was never asked for the guards does.
   *
   * @param removed number of removed layers, or parts
   * @return the one with the highest accuracy; on a tie the one whose removed layers, ascending,
   *     are the lowest; empty if the search scored none on every row
   */
  public Optional<Configuration> bestWithRemoved(int removed) {
    List<Configuration> all =
        Stream.concat(Stream.of(baseline), rounds.stream().flatMap(r -> r.notRefused().stream()))
            .filter(configuration -> configuration.mask().removedCount() == removed)
            .sorted(Comparator.comparing(Configuration::mask, Masks.LOWEST_FIRST))
            .toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(Configuration.best(all));
  }
}
