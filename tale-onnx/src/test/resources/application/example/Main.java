package example;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.benchmark.Tasks;
import dev.tale.onnx.OnnxModel;
import dev.tale.report.WrittenResult;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prunes by one layer, writes the model and the report, and reads the result back. */
public final class Main {
  private Main() {}

  /** Takes the model's directory, a task's description and a new directory. */
  public static void main(String... arguments) throws IOException {
    Path out = Path.of(arguments[2]);
    Task task = Tasks.fromFile(Path.of(arguments[1]));
    try (OnnxModel model = OnnxModel.open(Path.of(arguments[0]))) {
      PruneResult result =
          Tale.pruner()
              .strategy(SearchStrategy.greedy().removingAtMost(1))
              .withoutLatency()
              .prune(model, task);
      result.last().export(out.resolve("pruned"));
      Path report = result.writeReport(out.resolve("report"));
      WrittenResult.read(report.resolveSibling("report.json"));
      System.out.println(Files.readString(out.resolve("pruned/layers_to_keep.json")));
    }
  }
}
