package dev.tale.analysis;

import dev.tale.importance.LayerScores;
import java.util.ArrayList;
import java.util.List;

/**
 * What was measured of a model's layers, for the pages of a report: made by an {@link
 * AnalysisPlan}, or by hand of figures that are there already. Whatever is not there is said to be
 * not there.
 *
 * @param importance how much each layer matters, by one measure or several
 * @param agreements how these measures agree with what removal costs
 * @param information information by layer boundary: of the original model first, then of pruned
 *     ones
 * @param missing what was asked for and could not be measured
 */
public record LayerAnalysis(
    List<LayerScores> importance,
    List<RankAgreement> agreements,
    List<BoundarySeries> information,
    List<Missing> missing) {

  /** What a figure is of. */
  public enum Kind {
    /** Importance by layer, and how its measures agree. */
    IMPORTANCE,
    /** Information by layer boundary. */
    INFORMATION
  }

  /**
   * What could not be measured.
   *
   * @param kind what it would have been
   * @param what the measure, for people
   * @param reason why it could not be taken on this model or these rows, and perhaps the remedy
   */
  public record Missing(Kind kind, String what, String reason) {

    @Override
    public String toString() {
      return what + ": " + reason;
    }
  }

  /** Copies the lists. */
  public LayerAnalysis {
    importance = List.copyOf(importance);
    agreements = List.copyOf(agreements);
    information = List.copyOf(information);
    missing = List.copyOf(missing);
  }

  /** Returns an analysis that measured nothing. */
  public static LayerAnalysis none() {
    return new LayerAnalysis(List.of(), List.of(), List.of(), List.of());
  }

  /** Returns this analysis with other measures of importance. */
  public LayerAnalysis withImportance(List<LayerScores> scores) {
    return new LayerAnalysis(scores, agreements, information, missing);
  }

  /** Returns this analysis with other rank agreements. */
  public LayerAnalysis withAgreements(List<RankAgreement> ranks) {
    return new LayerAnalysis(importance, ranks, information, missing);
  }

  /** Returns this analysis with other series of information. */
  public LayerAnalysis withInformation(List<BoundarySeries> series) {
    return new LayerAnalysis(importance, agreements, series, missing);
  }

  /** Returns this analysis followed by another. */
  public LayerAnalysis and(LayerAnalysis other) {
    return new LayerAnalysis(
        joined(importance, other.importance),
        joined(agreements, other.agreements),
        joined(information, other.information),
        joined(missing, other.missing));
  }

  private static <T> List<T> joined(List<T> first, List<T> more) {
    List<T> all = new ArrayList<>(first);
    all.addAll(more);
    return all;
  }

  /** Returns this analysis with the name of a task in every name. */
  public LayerAnalysis of(String task) {
    return new LayerAnalysis(
        importance.stream()
            .map(each -> new LayerScores(named(task, each.measure()), each.unit(), each.layers()))
            .toList(),
        agreements.stream()
            .map(
                each ->
                    new RankAgreement(
                        named(task, each.measure()), each.rows(), each.tau(), each.interval()))
            .toList(),
        information.stream()
            .map(
                each ->
                    new BoundarySeries(
                        named(task, each.name()), each.unit(), each.points(), each.falls()))
            .toList(),
        missing.stream()
            .map(each -> new Missing(each.kind(), named(task, each.what()), each.reason()))
            .toList());
  }

  private static String named(String task, String name) {
    return task + ", " + name;
  }

  /** The missing ones of a kind. */
  public List<Missing> missing(Kind kind) {
    return missing.stream().filter(each -> each.kind() == kind).toList();
  }
}
