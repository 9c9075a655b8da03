package dev.tale.report;

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
final class Looks {
  private final Map<LayerMask, Integer> positions = new LinkedHashMap<>();
  private final double[] adjusted;

  private Looks(List<Entry> entries) {
    double[] pValues =
        entries.stream()
            .filter(entry -> entry.mask().removedCount() > 0)
            .filter(entry -> positions.putIfAbsent(entry.mask(), 0) == null)
            .flatMap(entry -> entry.versusBaseline().stream())
            .mapToDouble(PairedComparison::pValue)
            .toArray();
    adjusted = MultipleTests.holm(pValues);
    int position = 0;
    for (Map.Entry<LayerMask, Integer> each : positions.entrySet()) {
      each.setValue(position);
      position += adjusted.length / positions.size();
    }
  }

  /** Looks at entries; the baseline and what came before are not counted. */
  static Looks at(List<Entry> entries) {
    return new Looks(entries);
  }

  /** Returns the number of comparisons, 0 without held-out rows. */
  int count() {
    return adjusted.length;
  }

  /** Returns the adjusted p-value; empty for the baseline and without held-out rows. */
  OptionalDouble adjustedP(Entry entry, int task) {
    Integer position = positions.get(entry.mask());
    return position == null || adjusted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(adjusted[position + task]);
  }
}
