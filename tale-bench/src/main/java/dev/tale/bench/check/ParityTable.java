package dev.tale.bench.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.parity.HarnessRun;
import dev.tale.onnx.parity.ParityCheck;
import dev.tale.onnx.parity.RunParity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Compares the built-in tasks with lm-evaluation-harness, row by row, on the same tiny model. */
public final class ParityTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ParityTable() {}

  /**
   * Prints a line for each run of the harness and writes them all to a file.
   *
   * @return whether nothing differs
   */
  public static boolean run(Path data, Path out) throws IOException {
    System.out.printf(
        "%-60s %5s %7s %7s %7s %9s%n", "run", "rows", "prompts", "answers", "correct", "log-lik.");
    ArrayNode rows = JSON.createArrayNode();
    boolean same = true;
    try (ParityCheck check = ParityCheck.open(data)) {
      for (HarnessRun run : HarnessRun.all()) {
        RunParity parity = check.compare(run, 1);
        print(parity);
        rows.add(json(parity));
        same &= parity.differences().isEmpty();
      }
    }
    Files.writeString(out, rows.toPrettyString() + "\n");
    return same;
  }

  private static void print(RunParity parity) {
    System.out.printf(
        Locale.ROOT,
        "%-60s %5d %7d %7d %7d %9s%n",
        parity.run(),
        parity.rows(),
        parity.promptsEqual(),
        parity.answersEqual(),
        parity.correctEqual(),
        parity.run().generated()
            ? "-"
            : String.format(Locale.ROOT, "%.1e", parity.largestDifference()));
    parity.differences().forEach(difference -> System.out.println("  " + difference));
  }

  private static ObjectNode json(RunParity parity) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("run", parity.run().toString())
            .put("task", parity.run().settings().task())
            .put("version", parity.run().settings().version())
            .put("harness", parity.run().settings().harness())
            .put("file", parity.run().settings().file())
            .put("rows", parity.rows())
            .put("promptsEqual", parity.promptsEqual())
            .put("answersEqual", parity.answersEqual())
            .put("correctEqual", parity.correctEqual());
    if (!parity.run().generated()) {
      json.put("maxAbsDiff", parity.largestDifference());
    }
    json.set("ours", JSON.valueToTree(parity.ours()));
    json.set("theirs", JSON.valueToTree(parity.run().settings().scores()));
    json.set("notCompared", JSON.valueToTree(parity.skipped()));
    json.set("differences", JSON.valueToTree(parity.differences()));
    return json.put("ok", parity.differences().isEmpty());
  }
}
