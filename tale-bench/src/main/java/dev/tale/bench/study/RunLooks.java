package dev.tale.bench.study;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.stats.MultipleTests;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * All that one run of a study compares with the whole model on its held-out rows: each
 * configuration once, whichever strategies found it. P-values are adjusted for their number by
 * Holm's method.
 *
 * @param adjusted p-values by configuration
 */
record RunLooks(Map<String, Double> adjusted) {
  static final String TEST =
      "McNemar's exact p-value below 0.05, adjusted by Holm for all configurations of its run";
  private static final double LEVEL = 0.05;

  static RunLooks of(JsonNode run) {
    Map<String, Double> byConfiguration = new LinkedHashMap<>();
    run.get("rows")
        .forEach(row -> byConfiguration.put(configuration(row), row.get("pValue").asDouble()));
    double[] adjusted =
        MultipleTests.holm(
            byConfiguration.values().stream().mapToDouble(Double::doubleValue).toArray());
    int position = 0;
    for (Map.Entry<String, Double> each : byConfiguration.entrySet()) {
      each.setValue(adjusted[position++]);
    }
    return new RunLooks(byConfiguration);
  }

  /** What is removed; a layer is not the parts that it consists of, as rounding differs. */
  private static String configuration(JsonNode row) {
    return row.path("mask") + " " + row.path("maskOfParts");
  }

  /** Returns whether a row of the run is told apart from the whole model. */
  boolean differs(JsonNode row) {
    return Objects.requireNonNull(adjusted.get(configuration(row))) < LEVEL;
  }
}
