package dev.tale.policy;

import dev.tale.evaluate.Configuration;
import java.util.List;

/** Where a front bends most. */
final class Knee {
  /*
   * The point of the front that is farthest from the chord between its ends, on the side of the better ones, both axes scaled to
   * the front's extent so that units do not matter.
   *
   * [1] I. Das, On characterizing the "knee" of the Pareto curve based on normal-boundary intersection, Structural Optimization 18,
   *     1999: here for two objectives, where the hull of the single optima is that chord.
   */
  private Knee() {}

  /** Returns a position in the path. On a tie the most accurate: at worst the first end. */
  static int of(List<Configuration> path) {
    List<Integer> front = ParetoFront.of(path);
    int first = front.get(0);
    int last = front.get(front.size() - 1);
    int knee = first;
    for (int position : front) {
      if (height(path, position, first, last) > height(path, knee, first, last)) {
        knee = position;
      }
    }
    return knee;
  }

  /**
   * Returns the distance to the chord from (0, 1), slow and accurate, to (1, 0), fast and not,
   * times the root of 2; negative on the wrong side. The ends are at 0.
   */
  private static double height(List<Configuration> path, int position, int first, int last) {
    if (position == first || position == last) {
      return 0;
    }
    double accuracy = share(accuracy(path, position), accuracy(path, last), accuracy(path, first));
    double speed =
        share(
            ParetoFront.latency(path, position),
            ParetoFront.latency(path, first),
            ParetoFront.latency(path, last));
    return accuracy + speed - 1;
  }

  private static double share(double value, double worst, double best) {
    return (value - worst) / (best - worst);
  }

  private static double accuracy(List<Configuration> path, int position) {
    return path.get(position).score().accuracy();
  }
}
