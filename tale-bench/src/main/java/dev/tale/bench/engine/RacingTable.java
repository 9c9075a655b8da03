package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Racing;
import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.search.Round;
import dev.tale.search.Trajectory;
import dev.tale.task.Task;
import java.util.List;
import java.util.function.LongFunction;

/**
 * Races the rounds of a search again, under many orders of the rows, on answers that are known: how
 * much is asked, and how far each winner is from the best.
 *
 * @param model remembers the answers
 * @param task the rows
 * @param search scored every candidate in full
 */
record RacingTable(LayeredModel model, Task task, Trajectory search) {

  /** Races every round under so many seeds. */
  ObjectNode row(String name, double delta, double tolerance, int seeds) {
    return row(name, tolerance, seeds, seed -> Racing.statistical(delta, tolerance, seed))
        .put("delta", delta)
        .put("tolerance", tolerance);
  }

  /** Races every round by the rule that is never wrong, which has one order. */
  ObjectNode exact() {
    return row("exact", 0, 1, seed -> Racing.exact());
  }

  private ObjectNode row(String name, double tolerance, int seeds, LongFunction<Racing> rule) {
    Work work = Work.NONE;
    int races = 0;
    int wrong = 0;
    int over = 0;
    double largest = 0;
    for (int seed = 0; seed < seeds; seed++) {
      for (Round round : search.rounds()) {
        Evaluator evaluator = evaluator();
        List<LayerMask> masks = round.candidates().stream().map(Configuration::mask).toList();
        Configuration winner =
            new Objective(evaluator, List.of())
                .race(masks, rule.apply(seed))
                .winner()
                .orElseThrow();
        double loss = loss(round, winner);
        work = work.plus(evaluator.work());
        races++;
        wrong += loss > 0 ? 1 : 0;
        over += loss > tolerance ? 1 : 0;
        largest = Math.max(largest, loss);
      }
    }
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("rule", name);
    node.put("seeds", seeds);
    node.put("races", races);
    node.put("evaluationsShare", (double) work.rowEvaluations() / work.naiveRowEvaluations());
    node.put("layerForwardsUsed", work.layerForwards());
    node.put("layerForwardsNaive", work.naiveLayerForwards());
    node.put("largestLoss", largest);
    node.put("racesNotWonByTheBest", wrong);
    node.put("racesOverTolerance", over);
    return node;
  }

  private Evaluator evaluator() {
    return new Evaluator(model, task, "engine", Journal.none(), Progress.none());
  }

  private static double loss(Round round, Configuration winner) {
    Configuration best = Configuration.best(round.candidates());
    return best.score().accuracy() - winner.score().accuracy();
  }
}
