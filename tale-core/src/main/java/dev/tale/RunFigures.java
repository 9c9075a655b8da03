package dev.tale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.RunStatistics;
import java.time.Duration;
import java.util.Locale;

/** Writes what a run of a search cost on its machine. */
final class RunFigures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private RunFigures() {}

  /** Returns a line, or nothing if the model does not count what it runs. */
  static String text(PruneResult result) {
    return result.runStatistics().map(run -> text(result.elapsed(), run)).orElse("");
  }

  private static String text(Duration elapsed, RunStatistics run) {
    return String.format(
        Locale.ROOT,
        "%.1f seconds: %,d session runs, %.1f %% padding, %,d bytes in and %,d out; over all threads"
            + " encoding %.1f, feeding %.1f, running %.1f, reading %.1f seconds%n",
        seconds(elapsed),
        run.runs(),
        100 * run.paddingShare(),
        run.bytesIn(),
        run.bytesOut(),
        seconds(run.encoding()),
        seconds(run.feeding()),
        seconds(run.running()),
        seconds(run.reading()));
  }

  static String json(PruneResult result) {
    try {
      ObjectNode root = (ObjectNode) JSON.readTree(result.report().toJson());
      root.put("seconds", seconds(result.elapsed()));
      result.runStatistics().ifPresent(run -> put(root.putObject("run"), run));
      CostFigures.put(root, result);
      String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
      return json.replace("\r\n", "\n") + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A report cannot be read back as JSON", e);
    }
  }

  private static void put(ObjectNode node, RunStatistics run) {
    node.put("sessionRuns", run.runs());
    node.put("layerForwards", run.layerForwards());
    node.put("tokens", run.tokens());
    node.put("paddingShare", run.paddingShare());
    node.put("bytesIn", run.bytesIn());
    node.put("bytesOut", run.bytesOut());
    node.put("encodingSeconds", seconds(run.encoding()));
    node.put("feedingSeconds", seconds(run.feeding()));
    node.put("runningSeconds", seconds(run.running()));
    node.put("readingSeconds", seconds(run.reading()));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
