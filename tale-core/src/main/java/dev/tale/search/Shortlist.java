package dev.tale.search;

import dev.tale.evaluate.Bounds;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.importance.LayerScores;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Only the layers that matter least by a score are candidates. */
record Shortlist(RemovalOrder order, int count) {

  Shortlist {
    if (count < 1) {
      throw new IllegalArgumentException(
          "The number of candidates of a round is " + count + "; give at least 1");
    }
  }

  Shortlist(LayerScores scores, int count) {
    this(RemovalOrder.of(scores), count);
  }

  /** Returns those of the candidates that remove what matters least, in their order. */
  List<LayerMask> of(LayerMask mask, List<LayerMask> candidates) {
    Comparator<LayerMask> leastFirst =
        Comparator.comparing(candidate -> order.layers().indexOf(added(mask, candidate)));
    Set<LayerMask> least =
        candidates.stream().sorted(leastFirst).limit(count).collect(Collectors.toSet());
    return candidates.stream().filter(least::contains).toList();
  }

  private static int added(LayerMask mask, LayerMask candidate) {
    return candidate.removed().stream()
        .filter(layer -> !mask.removes(layer))
        .findFirst()
        .orElseThrow();
  }

  String remark(Trajectory found, Objective objective) {
    Set<Integer> seen =
        found.rounds().stream()
            .flatMap(Shortlist::masks)
            .flatMap(mask -> mask.removed().stream())
            .collect(Collectors.toSet());
    List<String> never =
        objective.model().layers().stream()
            .filter(layer -> !seen.contains(layer.index()))
            .map(LayerInfo::name)
            .toList();
    return String.format(
        "Each round looked at no more than the %d remaining layers that matter least by %s; never"
            + " looked at: %s",
        count, order.measure(), never);
  }

  private static Stream<LayerMask> masks(Round round) {
    return Stream.concat(
        round.candidates().stream().map(Configuration::mask),
        round.left().stream().map(Bounds::mask));
  }

  /** Returns for example {@code among the 4 that matter least by block influence [3, 0, 1, 2]}. */
  @Override
  public String toString() {
    return "among the " + count + " that matter least by " + order;
  }
}
