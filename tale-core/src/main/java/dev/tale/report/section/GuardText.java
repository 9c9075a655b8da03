package dev.tale.report.section;

import static java.util.stream.Collectors.joining;

import dev.tale.report.GuardScores;
import dev.tale.report.Report;
import dev.tale.report.TaskSummary;
import dev.tale.search.Round;
import java.util.ArrayList;
import java.util.List;

/** The guards' limits and work, and whether they left the last round without a winner. */
final class GuardText {
  private GuardText() {}

  static List<String> of(Report report) {
    List<String> sentences = new ArrayList<>();
    report.guards().forEach(guard -> sentences.add(limit(guard)));
    List<Round> rounds = report.trajectory().rounds();
    if (!rounds.isEmpty() && report.trajectory().complete()) {
      Round last = rounds.get(rounds.size() - 1);
      if (last.accepted().isEmpty() && !last.refusals().isEmpty()) {
        sentences.add(ending(report, rounds.size(), last));
      }
    }
    return sentences;
  }

  private static String limit(GuardScores guard) {
    TaskSummary task = guard.guard().task();
    return Figures.format(
        "guard %s, %s, at least %.4f (baseline - %s) on %d rows that took part in the choice%s:"
            + " %d masks scored, %,d layer-forwards",
        task.name(),
        task.metric(),
        guard.limit(),
        guard.guard().maxDrop(),
        task.rows(),
        task.isTestSplit() ? " (a test split)" : "",
        guard.evaluations(),
        guard.work().layerForwards());
  }

  private static String ending(Report report, int number, Round last) {
    return Figures.format(
        "The last round, %d, accepted nothing: none of the %d candidates that reached the floor"
            + " held the guards: %s",
        number,
        last.refusals().size(),
        last.refusals().stream()
            .map(
                refusal -> report.provenance().model().removedNames(refusal.mask()) + " " + refusal)
            .collect(joining("; ")));
  }
}
