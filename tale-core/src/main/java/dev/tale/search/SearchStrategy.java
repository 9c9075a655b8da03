package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Racing;
import dev.tale.importance.LayerScores;
import dev.tale.policy.Floor;
import java.util.OptionalLong;

/**
 * Explores sets of removed layers. Same answers of the objective and same floor, same trajectory.
 *
 * <p>Where the model's masks remove parts of layers ({@link dev.tale.model.Granularity#SUBLAYER}),
 * a layer is a part everywhere here, and the last attention always stays.
 *
 * <p>{@link #greedy}, {@link #beam}, {@link #backwardForward} and {@link #perplexityGreedy} remove
 * one layer after another and end when nothing reaches the floor. The others look at every number
 * of removed layers from 1 on by itself, whether or not the floor was reached before: limit them by
 * {@link #removingAtMost}.
 *
 * <p>A lambda should override {@code toString}: a strategy's text, but for its budget, is part of a
 * run's identity, so a journal written under a strategy without a stable text cannot be resumed in
 * another process.
 *
 * <p>Costs are in masks, each scored on the selection rows; with sharing, the masks of a round over
 * L' layers take {@code (L' - 1) + L' (L' - 1) / 2} layer-forwards a token instead of {@code L' (L'
 * - 1)}. The baseline is one more mask.
 */
@FunctionalInterface
public interface SearchStrategy {

  /** Most masks of {@link #exhaustive} where no limit is given: all of 14 layers. */
  long DEFAULT_LIMIT = 16_384;

  /**
   * Searches. Nothing that breaks a guard of the objective may be accepted: {@link Round#hold}
   * takes care of that. No mask may remove more than {@link Objective#mostRemoved}.
   *
   * @throws dev.tale.evaluate.BudgetExceededException if the objective's budget does not pay the
   *     unpruned model; a strategy of this package that runs out of budget later ends with what it
   *     has, and says so in {@link Trajectory#remarks}
   * @throws IllegalArgumentException if the strategy's settings do not fit the model
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  Trajectory search(Objective objective, Floor floor);

  /**
   * Returns this search with a budget of layer-forwards, guards included; see {@link
   * Objective#within}. The search ends before it would exceed it, and its last remark says what
   * came next, its cost, what was left and the budget that pays it.
   *
   * <p>A round of {@link #beam} or {@link #perplexityGreedy} is begun only if the budget pays all
   * of it: half a round would be unfair; likewise the likelihoods of {@link #ising}, all of them. A
   * race goes on as far as the budget pays. {@link #oneShot}, {@link #lastLayers}, {@link #ising}
   * and {@link Spans#by} score 1, 2, ... removed layers, one after the other and no longer in one
   * call, as far as it goes; likewise the held-out rows of what was accepted.
   *
   * <p>A budget changes no answer, only where a search ends. It is no part of a run's identity: the
   * same journal with a larger budget goes on where the smaller one ended, repeats nothing, and
   * ends in the result of an uninterrupted search with the larger one. Without any budget it does
   * too, but what was scored one by one is scored again in one call.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  default SearchStrategy budget(long layerForwards) {
    return new Budgeted(this, layerForwards);
  }

  /** Returns the most layer-forwards that this may spend, if it has a {@link #budget(long)}. */
  default OptionalLong layerForwardBudget() {
    return OptionalLong.empty();
  }

  /** Returns this search without a budget: what tells its answers from those of another. */
  default SearchStrategy withoutBudget() {
    return this;
  }

  /**
   * Returns this search for no more than so many removed layers. Unlike a budget this is part of a
   * run's identity.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  default SearchStrategy removingAtMost(int layers) {
    return new Limited(this, layers);
  }

  /**
   * Returns TALE's greedy search: remove the layer whose removal leaves the highest accuracy, until
   * that accuracy is under the floor. For L layers of which K are removed it asks 1 + (K + 1)(L - K
   * / 2) masks; one layer always stays.
   *
   * <p>A candidate that cannot win its round any more is asked no more rows; the result is the same
   * as if it were. {@link Greedy} has other rules.
   */
  static Greedy greedy() {
    return new Greedy(Racing.exact());
  }

  /**
   * Returns a beam search: goes on with the best {@code width} configurations of each round that
   * reach the floor and hold the guards, and accepts the best. With a width of 1 it is greedy
   * search. A floor that follows the current configuration follows the last accepted one. Asks at
   * most {@code width} times what greedy search asks, each mask on every row.
   *
   * @param width at least 1
   * @throws IllegalArgumentException if it is less
   */
  static SearchStrategy beam(int width) {
    return new Beam(width);
  }

  /**
   * Returns greedy search that tries, after each removal, to let removed layers back in, one at a
   * time, as long as the result is strictly better than the best accepted one with as few removed;
   * then it goes on from there. A step back is a round too, and what it accepts is part of the
   * path. Asks what greedy search asks and, after the K-th removal, the K masks that let one back
   * in, again after each that pays.
   */
  static SearchStrategy backwardForward() {
    return new BackwardForward();
  }

  /**
   * Returns the search that removes layers in the order of a score, the least important first, as
   * ShortGPT (arXiv 2403.03853) does by block influence. Scores each number of removed layers by
   * accuracy, all in one call: L - 1 masks.
   *
   * @param scores one score for each layer of the model, or part
   */
  static SearchStrategy oneShot(LayerScores scores) {
    return new OneShot(RemovalOrder.of(scores));
  }

  /**
   * Returns the search that removes the last layers: the last one, the last two, and so on, the
   * baseline that "Reassessing Layer Pruning in LLMs" (arXiv 2411.15558) calls reverse-order
   * pruning. Scores each number of removed layers by accuracy, all in one call: L - 1 masks, each
   * the beginning of the one before, so that with sharing they take L - 1 layer-forwards a token,
   * less than the unpruned model.
   *
   * <p>The published method fine-tunes after it removed; here the layers go and that is all.
   */
  static SearchStrategy lastLayers() {
    return new LastLayers();
  }

  /**
   * Returns the search for the set of each size that loses least likelihood if layers act alone and
   * in pairs, as an Ising model, after "Block removal for large language models through constrained
   * binary optimization" (arXiv 2602.00161). Asks the mean negative log-likelihood of the selection
   * rows' right answers under the {@code 1 + L + L (L - 1) / 2} masks that remove none, one and
   * two, in one call; with sharing they take {@code L + L (L - 1) / 2 + L (L - 1) (L - 2) / 6}
   * layer-forwards a token. The set of lowest energy of each size is then scored by accuracy, all
   * in one call: L - 1 masks. {@link Ising} says how it is found.
   */
  static Ising ising() {
    return new Ising(Ising.DEFAULT_SEED);
  }

  /**
   * Returns the search for the best span of neighbouring layers of each length, by accuracy over
   * all spans: L (L + 1) / 2 masks. {@link Spans#by} chooses by a measure instead.
   */
  static Spans spans() {
    return new Spans();
  }

  /**
   * Returns the search of SLEB (arXiv 2402.09025): each round removes the layer whose removal
   * leaves the lowest mean negative log-likelihood of the selection rows' right answers. Only what
   * a round chooses is scored by accuracy and held against floor and guards; where it breaks a
   * guard, the next by likelihood is tried. Asks as many masks as greedy search without racing, for
   * their likelihood, and one more a round for its accuracy. Where the model's masks remove
   * attention and feed-forward parts, this is the search of BlockPruner (arXiv 2406.10594). No
   * layer is protected in advance.
   */
  static PerplexityGreedy perplexityGreedy() {
    return new PerplexityGreedy();
  }

  /**
   * Returns the evolutionary search of EvoPress (arXiv 2410.14649) for each number of removed
   * layers: offspring swap removed layers for kept ones, and successive halving on growing sets of
   * rows finds the best of them. For n removed layers and g generations of C offspring it asks (g +
   * 1) C masks some rows, an eighth of them all: about a third of the rows times masks of scoring
   * these in full. The published search judges by divergence from the unpruned model's outputs,
   * this one by the task's accuracy.
   */
  static Evolutionary evolutionary(long seed) {
    return new Evolutionary(seed);
  }

  /**
   * Returns the search that takes the best of random masks for each number of removed layers: what
   * any other search has to beat. At most {@code draws (L - 1)} masks, with exact racing.
   *
   * @param draws number of masks for each number of removed layers, at least 1; all if there are no
   *     more
   * @throws IllegalArgumentException if it is less
   */
  static SearchStrategy random(int draws, long seed) {
    return new RandomDraws(draws, seed);
  }

  /**
   * Returns the search that asks every mask, refused above {@value #DEFAULT_LIMIT} masks; see
   * {@link #exhaustive(long)}.
   */
  static SearchStrategy exhaustive() {
    return exhaustive(DEFAULT_LIMIT);
  }

  /**
   * Returns the search that asks every mask with 1, 2, ... removed layers, each number in one call,
   * with exact racing: what it finds is the best that there is on the selection rows. 2^L - 2
   * masks, or as many as {@link #removingAtMost} leaves.
   *
   * @param limit most masks; a model with more is refused with IllegalArgumentException, which says
   *     how many they are
   * @throws IllegalArgumentException if the limit is less than 1
   */
  static SearchStrategy exhaustive(long limit) {
    return new Exhaustive(limit);
  }
}
