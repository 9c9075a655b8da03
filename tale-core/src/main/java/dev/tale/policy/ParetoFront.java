package dev.tale.policy;

import dev.tale.evaluate.Configuration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The configurations that no other beats in accuracy and latency both. */
public final class ParetoFront {
  private ParetoFront() {}

  /**
   * Returns the front: of each configuration on it, no other has at least its accuracy in at most
   * its median latency. Of several with the same of both, the first. Accuracies are compared
   * exactly, latencies by their medians: where intervals overlap, another measurement may give
   * another front.
   *
   * @param path with measured costs, and scores of any rows, the same of all
   * @return positions in the path, from the slowest and most accurate to the fastest
   * @throws IllegalStateException if a cost was not measured
   */
  public static List<Integer> of(List<Configuration> path) {
    List<Integer> fastestFirst =
        IntStream.range(0, path.size())
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(position -> latency(path, position))
                    .thenComparing((a, b) -> accuracy(path, b, a))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    List<Integer> front = new ArrayList<>();
    for (int position : fastestFirst) {
      if (front.isEmpty() || accuracy(path, position, front.get(0)) > 0) {
        front.add(0, position);
      }
    }
    return List.copyOf(front);
  }

  static double latency(List<Configuration> path, int position) {
    return path.get(position).requireCost().latencySeconds().value();
  }

  private static int accuracy(List<Configuration> path, int position, int other) {
    return path.get(position).score().compareAccuracy(path.get(other).score());
  }
}
