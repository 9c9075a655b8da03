package dev.tale.evaluate;

import dev.tale.journal.WorkUnit;
import dev.tale.model.ModelInfo;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Hears how a search gets on, and what comes before and after it. Called on the working thread, in
 * order; an exception thrown here ends the search and leaves a resumable journal.
 */
@FunctionalInterface
public interface Progress {

  /** Called after each event. */
  void on(Event event);

  /** Returns a listener that does nothing. */
  static Progress none() {
    return event -> {};
  }

  /**
   * A listener that draws on standard error: a line for each round, and one for what is under way,
   * with its time left. On a terminal that line is drawn over itself; elsewhere it comes at the
   * beginning of each part of the work and every half minute.
   */
  static Progress console() {
    return new ConsoleProgress(System.err, ConsoleProgress.onTerminal(), System::nanoTime);
  }

  /**
   * A listener that says in the log of {@link System#getLogger}, of the name {@code dev.tale} and
   * at level INFO, when each kind of work begins, once. It is the one of a pruner that is given
   * none.
   */
  static Progress logged() {
    Logger logger = System.getLogger("dev.tale");
    Set<String> begun = new HashSet<>();
    return event -> {
      if (event instanceof Rows rows && begun.add(rows.rowSet())) {
        logger.log(
            Level.INFO,
            "Scoring {0} rows, {1}; give the pruner a listener to hear how it gets on",
            rows.rowsTotal(),
            rows.rowSet());
      } else if (event instanceof Phase phase && begun.add(phase.name())) {
        logger.log(Level.INFO, "Begun: {0}, {1} {2}", phase.name(), phase.total(), phase.unit());
      }
    };
  }

  /** What happened. */
  sealed interface Event {}

  /**
   * Some masks have been scored on some more rows.
   *
   * @param rowSet name of the rows, see {@link WorkUnit}
   * @param masks number of masks scored at once
   * @param rowsDone rows scored so far under them
   * @param rowsTotal rows that there are; a race may end before under some masks
   * @param resumed whether the outcomes came from the journal
   */
  record Rows(String rowSet, int masks, int rowsDone, int rowsTotal, boolean resumed)
      implements Event {}

  /**
   * Some of what else may take long is done: opening a model, measuring costs, writing a model,
   * analysing layers.
   *
   * @param name of the work
   * @param done units that are done, 0 when it begins
   * @param total number of units
   * @param unit their name, such as "models"
   */
  record Phase(String name, long done, long total, String unit) implements Event {}

  /**
   * A round of a search has ended.
   *
   * @param model the model that is searched
   * @param number 1-based number of the round
   * @param floor lowest accuracy that would have been accepted
   * @param candidates every configuration that was scored on every row
   * @param left what is known of the candidates that were asked fewer rows
   * @param refusals candidates at or above the floor that a guard refused, best first
   * @param accepted the configuration that the search accepted, if any reached the floor and held
   *     the guards
   */
  record Round(
      ModelInfo model,
      int number,
      double floor,
      List<Configuration> candidates,
      List<Bounds> left,
      List<Refusal> refusals,
      Optional<Configuration> accepted)
      implements Event {

    /** Returns the round as one line for people. */
    @Override
    public String toString() {
      String result =
          accepted
              .map(to -> "removed " + model.removedNames(to.mask()) + ", " + to.score())
              .orElse(whyNone());
      return String.format(Locale.ROOT, "round %d (floor %.4f): %s", number, floor, result);
    }

    private String whyNone() {
      return refusals.isEmpty()
          ? "none of " + (candidates.size() + left.size()) + " candidates reached the floor"
          : "none of the " + refusals.size() + " candidates that reached the floor held the guards";
    }
  }
}
