package dev.tale.onnx.parity;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * How Tale compares with the harness on the rows of one run.
 *
 * @param run what the harness did
 * @param rows number of rows compared
 * @param promptsEqual rows whose prompts and continuations are the same, character by character
 * @param answersEqual rows with the same chosen position, or the same extracted answers
 * @param correctEqual rows that count as right in both or in neither, by every metric
 * @param largestDifference largest absolute difference of log-likelihoods; 0 where texts are
 *     generated
 * @param ours Tale's mean by metric or filter, over the rows compared
 * @param skipped filters of the harness that Tale does not have
 * @param differences what differs, a line each
 */
public record RunParity(
    HarnessRun run,
    int rows,
    int promptsEqual,
    int answersEqual,
    int correctEqual,
    double largestDifference,
    ImmutableMap<String, Double> ours,
    ImmutableList<String> skipped,
    ImmutableList<String> differences) {

  /** Limit of the difference of log-likelihoods. */
  public static final double TOLERANCE = 1e-3;

  static RunParity of(
      HarnessRun run,
      ImmutableList<RowParity> rows,
      Map<String, Double> ours,
      ImmutableList<String> means) {
    ImmutableList.Builder<String> differences = ImmutableList.builder();
    rows.forEach(row -> differences.addAll(row.differences()));
    return new RunParity(
        run,
        rows.size(),
        (int) rows.stream().filter(RowParity::promptsEqual).count(),
        (int) rows.stream().filter(RowParity::answersEqual).count(),
        (int) rows.stream().filter(RowParity::correctEqual).count(),
        rows.stream().mapToDouble(RowParity::difference).max().orElse(0),
        ImmutableMap.copyOf(ours),
        run.settings().scores().keySet().stream()
            .filter(name -> !ours.containsKey(name))
            .collect(ImmutableList.toImmutableList()),
        differences.addAll(means).build());
  }
}
