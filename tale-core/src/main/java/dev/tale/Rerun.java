package dev.tale;

import dev.tale.report.Difference;
import java.util.List;

/**
 * A search that was run again, and what differs from the earlier run.
 *
 * @param result the later result
 * @param inputs what went in otherwise: model, rows, settings, versions, machine
 * @param figures what came out otherwise
 */
public record Rerun(PruneResult result, List<Difference> inputs, List<Difference> figures) {
  private static final int SHOWN = 20;

  /** Copies the lists. */
  public Rerun {
    inputs = List.copyOf(inputs);
    figures = List.copyOf(figures);
  }

  /** Returns whether every figure is the same. */
  public boolean isReproduced() {
    return figures.isEmpty();
  }

  /** The differences for people; of many the first. */
  @Override
  public String toString() {
    return text("What went in", inputs) + text("What came out", figures);
  }

  private static String text(String what, List<Difference> differences) {
    StringBuilder text = new StringBuilder(what);
    text.append(differences.isEmpty() ? " is the same." : " differs:");
    differences.stream()
        .limit(SHOWN)
        .forEach(difference -> text.append(System.lineSeparator()).append("  ").append(difference));
    if (differences.size() > SHOWN) {
      text.append(System.lineSeparator())
          .append("  and ")
          .append(differences.size() - SHOWN)
          .append(" more");
    }
    return text.append(System.lineSeparator()).toString();
  }
}
