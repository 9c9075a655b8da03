package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.model.LayerMask;
import dev.tale.policy.Floor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Removes the layers whose effects on the loss, alone and in pairs, add up to least (after arXiv
 * 2602.00161): see {@link SearchStrategy#ising}. Immutable.
 *
 * <p>With {@code loss(s)} the mean negative log-likelihood, in nats a token, of the right answers
 * without the layers s, a layer's own effect is {@code h(i) = loss(i) - loss()}, a pair's
 * interaction {@code J(i, j) = loss(i, j) - loss(i) - loss(j) + loss()}, and the energy of a set
 * the sum of all of both in it: exactly its loss above that of the unpruned model if layers act in
 * pairs at most. Of one and two layers the energy is measured, of more it is a forecast. The
 * published method takes the second derivatives of the loss on general text by the layers' gates,
 * all open; here the gates are closed and the loss is the task's.
 *
 * <p>The forecast errs where the loss saturates. Of layers that cost 5 nats each and no more
 * together, a pair interacts by -5, and three of them are forecast to cost 15 - 15 = 0. Such a set
 * is scored by accuracy like any other, and falls under the floor; but it takes the place of a
 * better one of its size.
 *
 * <p>The set of lowest energy is looked for among all sets of its size where they are {@value
 * LowestEnergy#MOST_ENUMERATED} or fewer: all sizes of 22 layers. Of a larger size the best of
 * {@value Annealing#STARTS} runs of simulated annealing is taken, each followed by descent until no
 * swap of a removed layer for a kept one lowers the energy; the trajectory states the sizes. Ties
 * go to the lowest layers; so that rounding makes and breaks none, effects are taken to 2^-32 of
 * the largest loss.
 *
 * <p>A mask whose loss is not a number, or infinite, breaks the model. A set in which fewer layers
 * and pairs do so comes before every set in which more do, whatever the energy of the rest; one
 * without any is chosen wherever there is one. An interaction that cannot be measured because a
 * layer alone breaks the model is 0.
 *
 * <p>Where no more than one layer shall be removed, pairs are not asked.
 */
public final class Ising implements SearchStrategy {

  /** Seed of the annealing where none is given. */
  public static final long DEFAULT_SEED = 0;

  private final long seed;

  Ising(long seed) {
    this.seed = seed;
  }

  /** Returns this search with another seed of the annealing; it must not be chosen by results. */
  public Ising seed(long newSeed) {
    return new Ising(newSeed);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the model cannot say how likely a row's right answer is;
   *     the message names the row
   */
  @Override
  public Trajectory search(Objective objective, Floor floor) {
    Trajectory found = Exploration.of(objective, floor, this::explore);
    List<Integer> annealed =
        found.rounds().stream()
            .map(round -> round.candidates().get(0).mask().removedCount())
            .filter(removed -> LowestEnergy.isAnnealed(objective.model(), removed))
            .toList();
    return annealed.isEmpty() ? found : found.remarking(remark(annealed));
  }

  private static String remark(List<Integer> annealed) {
    return "The sets of lowest energy were looked for by annealing where "
        + annealed
        + " layers or parts are removed; there may be lower ones";
  }

  private void explore(Exploration search) {
    search
        .ask(() -> PairLosses.ask(search.objective()))
        .map(losses -> new LowestEnergy(search.model(), losses.effects(), seed))
        .ifPresent(lowest -> search.holdEach(lowest(lowest, search.objective())));
  }

  private static List<LayerMask> lowest(LowestEnergy lowest, Objective objective) {
    return IntStream.rangeClosed(1, objective.mostRemoved()).mapToObj(lowest::removing).toList();
  }

  /** Returns the name and the seed. */
  @Override
  public String toString() {
    return "ising by the likelihood of the right answers, seed " + seed;
  }
}
