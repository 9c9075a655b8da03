package dev.tale.bench.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.information.InformationEstimator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Bias and spread of estimators of mutual information where the truth is known. */
public final class InformationTable {
  private static final int[] WIDTHS = {2, 16, 64, 256};
  private static final int[] ROWS = {500, 1000, 2000};
  private static final List<InformationEstimator> ESTIMATORS =
      List.of(
          InformationEstimator.crossValidatedProbe(5, 1),
          InformationEstimator.inSampleProbe(),
          InformationEstimator.nearestNeighbours(3));

  private InformationTable() {}

  /**
   * Prints the table and writes it.
   *
   * @param seeds number of draws of the rows behind each figure, at least 2
   */
  public static void run(int seeds, Path out) throws IOException {
    ArrayNode table = new ObjectMapper().createArrayNode();
    System.out.println("bits: mean bias (standard deviation over " + seeds + " draws)");
    for (SyntheticSignal signal : SyntheticSignal.values()) {
      for (int width : WIDTHS) {
        for (int rows : ROWS) {
          print(signal, width, rows, row(table.addObject(), signal, width, rows, seeds));
        }
      }
    }
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(out.toFile(), table);
  }

  private static ObjectNode row(
      ObjectNode node, SyntheticSignal signal, int width, int rows, int seeds) {
    node.put("signal", signal.toString());
    node.put("components", width);
    node.put("rows", rows);
    node.put("draws", seeds);
    node.put("information", signal.information());
    ArrayNode estimators = node.putArray("estimators");
    for (InformationEstimator estimator : ESTIMATORS) {
      put(estimators.addObject(), estimator, signal, width, rows, seeds);
    }
    return node;
  }

  private static void put(
      ObjectNode node,
      InformationEstimator estimator,
      SyntheticSignal signal,
      int width,
      int rows,
      int seeds) {
    double[] estimates =
        IntStream.range(0, seeds)
            .mapToDouble(seed -> estimate(estimator, signal, width, rows, seed))
            .toArray();
    double mean = Arrays.stream(estimates).average().orElseThrow();
    double squares = Arrays.stream(estimates).map(each -> (each - mean) * (each - mean)).sum();
    node.put("estimator", estimator.toString());
    node.put("mean", mean);
    node.put("bias", mean - signal.information());
    node.put("deviation", Math.sqrt(squares / (seeds - 1)));
  }

  private static double estimate(
      InformationEstimator estimator, SyntheticSignal signal, int width, int rows, int seed) {
    float[][] states = signal.states(rows, width, seed);
    return Arrays.stream(estimator.byRow(states, signal.labels(rows))).average().orElseThrow();
  }

  private static void print(SyntheticSignal signal, int width, int rows, ObjectNode row) {
    StringBuilder line =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%-30s %.3f bit %4d components %5d rows",
                signal,
                signal.information(),
                width,
                rows));
    row.get("estimators")
        .forEach(
            each ->
                line.append(
                    String.format(
                        Locale.ROOT,
                        "  %+.3f (%.3f)",
                        each.get("bias").asDouble(),
                        each.get("deviation").asDouble())));
    System.out.println(line);
  }
}
