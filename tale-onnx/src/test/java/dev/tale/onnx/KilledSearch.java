package dev.tale.onnx;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.policy.Floor;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A journaled search; in a process of its own, to be killed: arguments JOURNAL RESULT. */
final class KilledSearch {
  private static final int ROWS = 48;

  private KilledSearch() {}

  public static void main(String[] args) throws IOException {
    Files.writeString(Path.of(args[1]), result(Path.of(args[0])));
  }

  /** Searches, or goes on with a search, to its end. */
  static String result(Path journal) throws IOException {
    Task rows = BooleanExpressions.task(3, 2 * ROWS, 11);
    try (OnnxModel model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(1)).open()) {
      PruneResult result =
          Tale.pruner()
              .floor(Floor.belowBaseline(0.04))
              .heldOut(rows.slice(ROWS, 2 * ROWS))
              .journal(journal)
              .withoutLatency()
              .prune(model, rows.slice(0, ROWS));
      return result.report().toJson();
    }
  }
}
