package dev.tale.search;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Race;
import dev.tale.evaluate.Racing;
import dev.tale.importance.LayerScores;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import java.util.List;
import java.util.Optional;

/**
 * TALE's greedy search (arXiv 2510.22767, Algorithm 1): see {@link SearchStrategy#greedy}.
 * Immutable.
 *
 * <p>Implementation note. A round asks every mask that removes one more of the L' remaining layers,
 * all in one call, so that the model can run what they share once: (L' - 1) + L'(L' - 1)/2
 * layer-runs instead of L'(L' - 1). The best is compared with the floor; ties go to the lowest
 * layer index. Guards are asked of the candidates in that order and only until one holds them all.
 * A model keeps at least one layer, so a round with one remaining layer is not held. At {@link
 * dev.tale.model.Granularity#SUBLAYER} all of this holds of parts instead of layers, and the last
 * attention stays.
 */
public final class Greedy implements SearchStrategy {
  private final Racing racing;
  private final Optional<Shortlist> shortlist;

  Greedy(Racing racing) {
    this(racing, Optional.empty());
  }

  private Greedy(Racing racing, Optional<Shortlist> shortlist) {
    this.racing = racing;
    this.shortlist = shortlist;
  }

  /**
   * Returns this search with statistical racing and the {@linkplain Racing#DEFAULT_SEED default
   * seed}, see {@link #racing(double, double, long)}.
   *
   * @throws IllegalArgumentException if a value is outside its range
   */
  public Greedy racing(double delta, double tolerance) {
    return racing(delta, tolerance, Racing.DEFAULT_SEED);
  }

  /**
   * Returns this search with statistical racing: a candidate is asked no more rows as soon as those
   * it was asked are strong evidence that it is not better than the round's leader by more than the
   * tolerance.
   *
   * @param delta largest probability that a round's winner is worse than its best candidate by more
   *     than the tolerance, in (0, 1)
   * @param tolerance accuracy on the selection rows that a round may lose, absolute, in [0, 1)
   * @param seed of the order of the rows; it must not be chosen by results
   * @throws IllegalArgumentException if a value is outside its range
   */
  public Greedy racing(double delta, double tolerance, long seed) {
    return new Greedy(Racing.statistical(delta, tolerance, seed), shortlist);
  }

  /**
   * Returns this search with every candidate scored on every row, so that the report has the
   * accuracy of each. What is accepted is the same as without this.
   */
  public Greedy scoringAll() {
    return new Greedy(Racing.none(), shortlist);
  }

  /**
   * Returns this search with a pre-filter: each round looks only at the remaining layers that
   * matter least by a score. The trajectory states what was never looked at.
   *
   * @param scores one score for each layer of the model, or part
   * @param count number of candidates of a round, at least 1
   * @throws IllegalArgumentException if {@code count} is less than 1
   */
  public Greedy among(LayerScores scores, int count) {
    return new Greedy(racing, Optional.of(new Shortlist(scores, count)));
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if there is a pre-filter by scores of another number of layers
   */
  @Override
  public Trajectory search(Objective objective, Floor floor) {
    shortlist.ifPresent(list -> list.order().require(objective.model()));
    Trajectory found = Exploration.of(objective, floor, this::explore);
    return shortlist.map(list -> found.remarking(list.remark(found, objective))).orElse(found);
  }

  private void explore(Exploration search) {
    Optional<Configuration> current = Optional.of(search.baseline());
    while (current.isPresent()) {
      List<LayerMask> masks = candidates(search.objective(), current.get().mask());
      if (masks.isEmpty()) {
        return;
      }
      Race race = search.objective().race(masks, racing);
      current = search.hold(search.floor(current.get()), race).flatMap(Round::accepted);
    }
  }

  private List<LayerMask> candidates(Objective objective, LayerMask mask) {
    List<LayerMask> all = Masks.withOneLess(objective, mask);
    return shortlist.map(list -> list.of(mask, all)).orElse(all);
  }

  /** Returns the name and every setting, for example {@code greedy, exact racing}. */
  @Override
  public String toString() {
    return "greedy, " + racing + shortlist.map(list -> ", " + list).orElse("");
  }
}
