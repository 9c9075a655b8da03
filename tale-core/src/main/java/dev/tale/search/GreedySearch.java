package dev.tale.search;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelInfo;
import dev.tale.policy.Floor;
import java.util.ArrayList;
import java.util.List;

/**
 * TALE's greedy search (arXiv 2510.22767, Algorithm 1).
 *
 * <p>Implementation note. A round scores every mask that removes one more of the L' remaining
 * layers, all in one call, so that the model can run what they share once: (L' - 1) + L'(L' - 1)/2
 * layer-runs instead of L'(L' - 1). The best is compared with the floor; ties go to the lowest
 * layer index. Guards are asked of the candidates in that order and only until one holds them all.
 * A model keeps at least one layer, so a round with one remaining layer is not held. At {@link
 * dev.tale.model.Granularity#SUBLAYER} all of this holds of parts instead of layers, and the last
 * attention stays.
 */
enum GreedySearch implements SearchStrategy {
  GREEDY;

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
      Round round = Round.hold(objective, accuracy, objective.evaluate(masks));
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
        model, number, round.floor(), round.candidates(), round.refusals(), round.accepted());
  }

  private static List<LayerMask> withOneLess(ModelInfo model, LayerMask mask) {
    return mask.kept().stream().map(mask::remove).filter(model::leavesAttention).toList();
  }

  @Override
  public String toString() {
    return "greedy";
  }
}
