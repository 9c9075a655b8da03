package dev.tale.report.section;

import static java.util.stream.Collectors.joining;

import dev.tale.estimate.Estimate;
import dev.tale.model.LayerMask;
import dev.tale.report.Evidence;
import dev.tale.report.Gain;
import dev.tale.report.Report;
import dev.tale.report.TaskSetSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Sentences on how much selection overstates gains, and on which of them the rows are too few to
 * tell from noise; none if only the baseline is reported.
 */
final class EvidenceText {
  private final Report report;

  /** By names; configurations that are the same have one, such as {@code BSBA and FINAL}. */
  private final Map<String, Evidence> evidence = new LinkedHashMap<>();

  EvidenceText(Report report) {
    this.report = report;
    Map<LayerMask, String> names = new LinkedHashMap<>();
    report
        .found()
        .forEach((name, found) -> names.merge(found.mask(), name, (a, b) -> a + " and " + b));
    report
        .found()
        .values()
        .forEach(
            found ->
                report
                    .evidence(found)
                    .ifPresent(each -> evidence.put(names.get(found.mask()), each)));
  }

  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (!evidence.isEmpty()) {
      sentences.add(bias());
      IntStream.range(0, report.provenance().selection().tasks().size())
          .mapToObj(this::noise)
          .filter(sentence -> !sentence.isEmpty())
          .forEach(sentences::add);
    }
    return sentences;
  }

  private String bias() {
    return evidence.entrySet().stream()
        .map(each -> bias(each.getKey(), each.getValue().selectionBias()))
        .collect(
            joining(
                ", ",
                report.isHeldOut()
                    ? "The selection rows overstated gains by "
                    : "By a bootstrap that takes the candidates as given, these rows overstate"
                        + " gains by about ",
                " points [95 % interval]."));
  }

  private static String bias(String names, Estimate bias) {
    return Figures.format(
        "%s [%s, %s] (%s)",
        points(bias.value()), points(bias.interval().low()), points(bias.interval().high()), names);
  }

  private String noise(int task) {
    List<String> within = new ArrayList<>();
    evidence.forEach(
        (names, each) -> {
          Gain gain = each.byTask().get(task);
          if (gain.isWithinNoise()) {
            within.add(noise(names, gain));
          }
        });
    Gain any = evidence.values().iterator().next().byTask().get(task);
    return within.isEmpty()
        ? ""
        : Figures.format(
            "With %d rows%s%s, %s cannot be told from noise (level %s, power %s).",
            any.rows(),
            of(task),
            any.looks() == 1 ? "" : " and " + any.looks() + " looks",
            String.join(" or ", within),
            Gain.LEVEL,
            Gain.POWER);
  }

  private String of(int task) {
    TaskSetSummary tasks = report.provenance().selection();
    return tasks.isWeighted() ? " of " + tasks.tasks().get(task).name() : "";
  }

  private static String noise(String names, Gain gain) {
    String found = names + ", " + points(gain.difference()) + " found";
    return gain.smallestOfLooks().isPresent()
        ? Figures.format(
            "a difference under %.1f points (%s%s)",
            100 * gain.smallestOfLooks().getAsDouble(), alone(gain), found)
        : "any difference (" + alone(gain) + found + ")";
  }

  /** The difference of a comparison that was decided on in advance; empty if this one was. */
  private static String alone(Gain gain) {
    return gain.looks() == 1 || gain.smallest().isEmpty()
        ? ""
        : Figures.format("%.1f for one decided in advance; ", 100 * gain.smallest().getAsDouble());
  }

  /** Without a sign where it would be of zero. */
  private static String points(double share) {
    double points = Math.round(1000 * share) / 10.0;
    return points == 0 ? "0.0" : Figures.format("%+.1f", points);
  }
}
