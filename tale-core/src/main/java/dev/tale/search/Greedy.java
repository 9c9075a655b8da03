package dev.tale.search;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Racing;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.policy.Floor;
import java.util.ArrayList;
import java.util.List;

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

  Greedy(Racing racing) {
    this.racing = racing;
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
    return new Greedy(Racing.statistical(delta, tolerance, seed));
  }

  /**
   * Returns this search with every candidate scored on every row, so that the report has the
   * accuracy of each. What is accepted is the same as without this.
   */
  public Greedy scoringAll() {
    return new Greedy(Racing.none());
  }

  @Override
  public Trajectory search(Objective objective, Floor floor) {
    ModelInfo model = objective.model();
    LayerMask nothing = LayerMask.none(model.layerCount());
    Configuration baseline = objective.evaluate(List.of(nothing)).get(0);
    List<Round> rounds = new ArrayList<>();
    Configuration current = baseline;
    List<LayerMask> masks = withOneLess(model, baseline.mask());
    while (!masks.isEmpty()) {
      double accuracy = floor.accuracy(baseline.score(), current.score());
      Round round = Round.hold(objective, accuracy, objective.race(masks, racing));
      rounds.add(round);
      objective.progress().on(event(model, rounds.size(), round));
      if (round.accepted().isEmpty()) {
        break;
      }
      current = round.accepted().get();
      masks = withOneLess(model, current.mask());
    }
    return new Trajectory(baseline, rounds);
  }

  private static Progress.Round event(ModelInfo model, int number, Round round) {
    return new Progress.Round(
        model,
        number,
        round.floor(),
        round.candidates(),
        round.left(),
        round.refusals(),
        round.accepted());
  }

  private static List<LayerMask> withOneLess(ModelInfo model, LayerMask mask) {
    return mask.kept().stream().map(mask::remove).filter(model::leavesAttention).toList();
  }

  /** Returns the name and every setting, for example {@code greedy, exact racing}. */
  @Override
  public String toString() {
    return "greedy, " + racing;
  }
}
