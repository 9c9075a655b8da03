package dev.tale.report;

import static java.util.stream.Collectors.joining;

import dev.tale.evaluate.Refusal;
import dev.tale.search.Round;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes how the guarded tasks did, and whether they left the last round without a winner; nothing
 * without guards.
 */
final class GuardText {
  private GuardText() {}

  static String write(Report report) {
    if (report.guards().isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    for (int guard = 0; guard < report.guards().size(); guard++) {
      text.append(figures(report, guard)).append(System.lineSeparator());
    }
    return text.append(ending(report)).toString();
  }

  private static String figures(Report report, int position) {
    GuardScores guard = report.guards().get(position);
    TaskSummary task = guard.guard().task();
    List<Map.Entry<String, Entry>> entries =
        List.of(
            Map.entry("baseline", report.baseline()),
            Map.entry("BEST", report.best()),
            Map.entry("BSBA", report.bsba()),
            Map.entry("FINAL", report.last()));
    return String.format(
        Locale.ROOT,
        "guard %s, %s, at least %.4f (baseline - %s) on %d rows that took part in the choice%s:%n"
            + "          %s; %d masks scored, %,d layer-forwards",
        task.name(),
        task.metric(),
        guard.limit(),
        guard.guard().maxDrop(),
        task.rows(),
        task.isTestSplit() ? " (a test split)" : "",
        entries.stream()
            .map(entry -> entry.getKey() + " " + entry.getValue().guards().get(position))
            .collect(joining(", ")),
        guard.evaluations(),
        guard.work().layerForwards());
  }

  private static String ending(Report report) {
    List<Round> rounds = report.trajectory().rounds();
    Round last = rounds.isEmpty() ? null : rounds.get(rounds.size() - 1);
    boolean complete = report.trajectory().complete();
    if (last == null || !complete || last.accepted().isPresent() || last.refusals().isEmpty()) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "The last round, %d, accepted nothing: none of the %d candidates that reached the floor held"
            + " the guards: %s%n",
        rounds.size(),
        last.refusals().size(),
        last.refusals().stream().map(refusal -> reason(report, refusal)).collect(joining("; ")));
  }

  private static String reason(Report report, Refusal refusal) {
    return report.provenance().model().removedNames(refusal.mask()) + " " + refusal;
  }
}
