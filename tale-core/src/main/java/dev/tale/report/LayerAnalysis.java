package dev.tale.report;

import dev.tale.importance.LayerScores;
import java.util.List;

/**
 * What was measured besides a search, for the pages of its report. Whatever is not there is said to
 * be not there.
 *
 * @param latencies accuracy and latency of configurations
 * @param importance how much each layer matters, by one measure or several
 * @param agreements how these measures agree with what removal costs
 * @param information information by layer boundary: of the original model first, then of pruned
 *     ones
 */
public record LayerAnalysis(
    List<LatencyPoint> latencies,
    List<LayerScores> importance,
    List<RankAgreement> agreements,
    List<BoundarySeries> information) {

  /** Copies the lists. */
  public LayerAnalysis {
    latencies = List.copyOf(latencies);
    importance = List.copyOf(importance);
    agreements = List.copyOf(agreements);
    information = List.copyOf(information);
  }

  /** Returns no measurements. */
  public static LayerAnalysis none() {
    return new LayerAnalysis(List.of(), List.of(), List.of(), List.of());
  }

  /** Returns these measurements with other latencies. */
  public LayerAnalysis withLatencies(List<LatencyPoint> points) {
    return new LayerAnalysis(points, importance, agreements, information);
  }

  /** Returns these measurements with other measures of importance. */
  public LayerAnalysis withImportance(List<LayerScores> scores) {
    return new LayerAnalysis(latencies, scores, agreements, information);
  }

  /** Returns these measurements with other rank agreements. */
  public LayerAnalysis withAgreements(List<RankAgreement> ranks) {
    return new LayerAnalysis(latencies, importance, ranks, information);
  }

  /** Returns these measurements with other series of information. */
  public LayerAnalysis withInformation(List<BoundarySeries> series) {
    return new LayerAnalysis(latencies, importance, agreements, series);
  }
}
