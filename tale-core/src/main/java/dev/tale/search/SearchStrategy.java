package dev.tale.search;

import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Racing;
import dev.tale.policy.Floor;

/**
 * Explores sets of removed layers. Same answers of the objective and same floor, same trajectory.
 *
 * <p>A lambda should override {@code toString}: a strategy's text is part of a run's identity, so a
 * journal written under a strategy without a stable text cannot be resumed in another process.
 */
@FunctionalInterface
public interface SearchStrategy {

  /**
   * Searches. Nothing that breaks a guard of the objective may be accepted: {@link Round#hold}
   * takes care of that.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  Trajectory search(Objective objective, Floor floor);

  /**
   * Returns TALE's greedy search: remove the layer whose removal leaves the highest accuracy, until
   * that accuracy is under the floor. For L layers of which K are removed it asks 1 + (K + 1)(L - K
   * / 2) masks; one layer always stays. Where the model's masks remove parts of layers, a layer is
   * a part here, and the last attention always stays.
   *
   * <p>A candidate that cannot win its round any more is asked no more rows; the result is the same
   * as if it were. {@link Greedy} has other rules.
   */
  static Greedy greedy() {
    return new Greedy(Racing.exact());
  }
}
