package dev.tale.policy;

import dev.tale.evaluate.Configuration;
import java.util.List;

/** Which configuration of a search's path to take. TALE reports all three of these together. */
@FunctionalInterface
public interface TradeOff {

  /**
   * Chooses from a path.
   *
   * @param path the baseline, then every accepted configuration in the order of acceptance
   * @return the position of the chosen configuration in the path
   */
  int choose(List<Configuration> path);

  /** Returns BEST: the highest accuracy; on a tie the fewest removed layers. */
  static TradeOff best() {
    return path -> {
      int best = 0;
      for (int i = 1; i < path.size(); i++) {
        best = compare(path, i, best) > 0 ? i : best;
      }
      return best;
    };
  }

  /** Returns BSBA: the last accepted configuration with at least baseline accuracy. */
  static TradeOff bestSpeedup() {
    return path -> {
      int last = path.size() - 1;
      while (compare(path, last, 0) < 0) {
        last--;
      }
      return last;
    };
  }

  /** Returns FINAL: the last accepted configuration. */
  static TradeOff last() {
    return path -> path.size() - 1;
  }

  private static int compare(List<Configuration> path, int position, int other) {
    return path.get(position).score().compareAccuracy(path.get(other).score());
  }
}
