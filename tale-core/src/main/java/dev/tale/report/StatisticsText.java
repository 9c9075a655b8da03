package dev.tale.report;

import static java.util.stream.Collectors.joining;

import dev.tale.estimate.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes by how much selection overstates gains, and which of them the rows are too few to tell
 * from noise; nothing if only the baseline is reported.
 */
final class StatisticsText {
  private final Report report;
  private final Map<String, Finding> findings = new LinkedHashMap<>();

  private StatisticsText(Report report) {
    this.report = report;
    List<Finding> rest = new ArrayList<>(report.findings());
    rest.removeIf(Finding::isBaseline);
    while (!rest.isEmpty()) {
      Finding first = rest.get(0);
      findings.put(names(rest, first), first);
      rest.removeIf(other -> other.entry().mask().equals(first.entry().mask()));
    }
  }

  /** Configurations that are the same have one line, such as {@code BSBA and FINAL}. */
  private static String names(List<Finding> findings, Finding first) {
    return findings.stream()
        .filter(other -> other.entry().mask().equals(first.entry().mask()))
        .map(Finding::name)
        .collect(joining(" and "));
  }

  static String write(Report report) {
    StatisticsText text = new StatisticsText(report);
    return text.findings.isEmpty() ? "" : text.bias() + text.noise();
  }

  private String bias() {
    return findings.entrySet().stream()
        .map(each -> bias(each.getKey(), each.getValue().selectionBias().orElseThrow()))
        .collect(
            joining(
                ", ",
                report.heldOut().isEmpty()
                    ? "By a bootstrap that takes the candidates as given, these rows overstate"
                          + " gains by about "
                    : "The selection rows overstated gains by ",
                String.format(" points [95 %% interval].%n")));
  }

  private static String bias(String names, Estimate bias) {
    return String.format(
        Locale.ROOT,
        "%s [%s, %s] (%s)",
        points(bias.value()),
        points(bias.interval().low()),
        points(bias.interval().high()),
        names);
  }

  private String noise() {
    StringBuilder lines = new StringBuilder();
    int tasks = report.provenance().selection().tasks().size();
    for (int task = 0; task < tasks; task++) {
      lines.append(noise(task));
    }
    return lines.toString();
  }

  private String noise(int task) {
    List<String> within = new ArrayList<>();
    int rows = 0;
    int looks = 0;
    for (Map.Entry<String, Finding> each : findings.entrySet()) {
      Gain gain = each.getValue().byTask().get(task);
      rows = gain.rows();
      looks = gain.looks();
      if (gain.isWithinNoise()) {
        within.add(noise(each.getKey(), gain));
      }
    }
    return within.isEmpty()
        ? ""
        : String.format(
            Locale.ROOT,
            "With %d rows%s%s, %s cannot be told from noise (level %s, power %s).%n",
            rows,
            of(task),
            looks == 1 ? "" : " and " + looks + " looks",
            String.join(" or ", within),
            Gain.POWER.level(),
            Gain.POWER.power());
  }

  private String of(int task) {
    TaskSetSummary tasks = report.provenance().selection();
    return tasks.isWeighted() ? " of " + tasks.tasks().get(task).name() : "";
  }

  private static String noise(String names, Gain gain) {
    String found = String.format("%s, %s found", names, points(gain.difference()));
    return gain.smallestOfLooks().isPresent()
        ? String.format(
            Locale.ROOT,
            "a difference under %.1f points (%s%s)",
            100 * gain.smallestOfLooks().getAsDouble(),
            alone(gain),
            found)
        : String.format("any difference (%s%s)", alone(gain), found);
  }

  /** What a comparison could show that was decided on in advance; nothing if this one was. */
  private static String alone(Gain gain) {
    return gain.looks() == 1 || gain.smallest().isEmpty()
        ? ""
        : String.format(
            Locale.ROOT, "%.1f for one decided in advance; ", 100 * gain.smallest().getAsDouble());
  }

  /** Without a sign where it would be of zero. */
  private static String points(double share) {
    double points = Math.round(1000 * share) / 10.0;
    return points == 0 ? "0.0" : String.format(Locale.ROOT, "%+.1f", points);
  }
}
