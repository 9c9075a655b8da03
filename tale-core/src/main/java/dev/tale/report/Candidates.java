package dev.tale.report;

import dev.tale.estimate.Estimate;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.model.LayerMask;
import dev.tale.search.Round;
import dev.tale.stats.Bootstrap;
import dev.tale.stats.SelectionBias;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The scores that a configuration was chosen from, on the rows that chose it. BEST is the best of
 * all that were scored in full and no guard refused, the baseline among them; another one is the
 * best of its round. The candidates are taken for given, though earlier rounds found them on the
 * same rows, and those that left a race for out of the question.
 */
final class Candidates {
  /** Enough for two digits of the bias; the seed is as good as any. */
  static final Bootstrap BOOTSTRAP = new Bootstrap(1000, 0);

  private final Report report;
  private final List<Score> candidates;

  private Candidates(Report report, List<Score> candidates) {
    this.report = report;
    this.candidates = candidates;
  }

  static Candidates of(Report report, Configuration configuration) {
    List<Score> candidates = new ArrayList<>();
    boolean best = configuration.mask().equals(report.best().mask());
    if (best) {
      candidates.add(report.baseline().score());
    }
    report.trajectory().rounds().stream()
        .filter(round -> best || accepted(round, configuration.mask()))
        .forEach(round -> candidates.addAll(scores(round)));
    return new Candidates(report, candidates);
  }

  private static boolean accepted(Round round, LayerMask mask) {
    return round.accepted().filter(accepted -> accepted.mask().equals(mask)).isPresent();
  }

  private static List<Score> scores(Round round) {
    return round.notRefused().stream().map(Configuration::score).toList();
  }

  Estimate bias() {
    int tasks = report.baseline().score().byTask().size();
    List<SelectionBias.Rows> rows = IntStream.range(0, tasks).mapToObj(this::rows).toList();
    return SelectionBias.ofBest(rows, BOOTSTRAP, Score.CONFIDENCE);
  }

  private SelectionBias.Rows rows(int task) {
    TaskScore baseline = report.baseline().score().byTask().get(task);
    byte[][] gains = new byte[baseline.total()][candidates.size()];
    for (int candidate = 0; candidate < candidates.size(); candidate++) {
      TaskScore score = candidates.get(candidate).byTask().get(task);
      for (int row = 0; row < gains.length; row++) {
        gains[row][candidate] = (byte) (correct(score, row) - correct(baseline, row));
      }
    }
    double weight = report.provenance().selection().weights().share(task);
    return new SelectionBias.Rows(weight, gains);
  }

  private static int correct(TaskScore score, int row) {
    return score.outcomes().get(row).correct() ? 1 : 0;
  }
}
