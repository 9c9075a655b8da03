package dev.tale.evaluate;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Set;

/**
 * Says once of each kind of work, when it begins, that it does: in one line of the system's log.
 */
final class LoggedProgress implements Progress {
  private static final Logger LOGGER = System.getLogger("dev.tale");

  private final Set<String> begun = new HashSet<>();

  @Override
  public void on(Event event) {
    if (event instanceof Rows rows && begun.add(rows.rowSet())) {
      LOGGER.log(
          Level.INFO,
          "Scoring {0} rows, {1}; give the pruner a listener to hear how it gets on",
          rows.rowsTotal(),
          rows.rowSet());
    } else if (event instanceof Phase phase && begun.add(phase.name())) {
      LOGGER.log(Level.INFO, "Begun: {0}, {1} {2}", phase.name(), phase.total(), phase.unit());
    }
  }
}
