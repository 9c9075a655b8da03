package dev.tale.report;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.model.LayerMask;
import dev.tale.stats.MultipleTests;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Comparisons with the baseline on held-out rows that are shown side by side: each configuration
 * once, on each task. Their p-values are adjusted for their number by Holm's method.
 */
public final class Looks {
  private final Map<LayerMask, Integer> positions = new LinkedHashMap<>();
  private final double[] adjusted;

  private Looks(List<Configuration> configurations) {
    double[] pValues =
        configurations.stream()
            .filter(configuration -> !configuration.isBaseline())
            .filter(configuration -> positions.putIfAbsent(configuration.mask(), 0) == null)
            .flatMap(configuration -> configuration.versusBaseline().stream())
            .mapToDouble(PairedComparison::pValue)
            .toArray();
    adjusted = MultipleTests.holm(pValues);
    int position = 0;
    for (Map.Entry<LayerMask, Integer> each : positions.entrySet()) {
      each.setValue(position);
      position += adjusted.length / positions.size();
    }
  }

  /** Looks at configurations; the baseline and what came before are not counted. */
  public static Looks at(List<Configuration> configurations) {
    return new Looks(configurations);
  }

  /** Returns the number of comparisons, 0 without held-out rows. */
  public int count() {
    return adjusted.length;
  }

  /** Returns the adjusted p-value; empty for the baseline and without held-out rows. */
  public OptionalDouble adjustedP(Configuration configuration, int task) {
    Integer position = positions.get(configuration.mask());
    return position == null || adjusted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(adjusted[position + task]);
  }
}
