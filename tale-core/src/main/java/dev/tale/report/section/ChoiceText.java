package dev.tale.report.section;

import dev.tale.policy.Verdict;
import dev.tale.report.SearchRun;
import java.util.Optional;

/** The choice of a run's trade-off as a sentence. */
final class ChoiceText {
  private ChoiceText() {}

  static String of(SearchRun run) {
    Optional<Verdict> verdict = run.verdict();
    if (verdict.isEmpty()) {
      return "Nothing is chosen: " + run.tradeOff() + " goes by what was measured.";
    }
    return verdict.get().met()
        ? "Chosen by " + run.tradeOff() + ": without " + run.report().removed(run.chosen())
        : "Nothing is chosen. " + verdict.get().explanation() + ".";
  }
}
