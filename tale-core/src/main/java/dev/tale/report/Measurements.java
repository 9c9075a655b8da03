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
public record Measurements(
    List<LatencyPoint> latencies,
    List<LayerScores> importance,
    List<RankAgreement> agreements,
    List<BoundarySeries> information) {

  /** Copies the lists. */
  public Measurements {
    latencies = List.copyOf(latencies);
    importance = List.copyOf(importance);
    agreements = List.copyOf(agreements);
    information = List.copyOf(information);
  }

  /** Returns no measurements. */
  public static Measurements none() {
    return new Measurements(List.of(), List.of(), List.of(), List.of());
  }

  /** Returns these measurements with other latencies. */
  public Measurements withLatencies(List<LatencyPoint> points) {
    return new Measurements(points, importance, agreements, information);
  }

  /** Returns these measurements with other measures of importance. */
  public Measurements withImportance(List<LayerScores> scores) {
    return new Measurements(latencies, scores, agreements, information);
  }

  /** Returns these measurements with other rank agreements. */
  public Measurements withAgreements(List<RankAgreement> ranks) {
    return new Measurements(latencies, importance, ranks, information);
  }

  /** Returns these measurements with other series of information. */
  public Measurements withInformation(List<BoundarySeries> series) {
    return new Measurements(latencies, importance, agreements, series);
  }
}
