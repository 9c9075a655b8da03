package dev.tale.bench.quickstart;

import dev.tale.Pruner;
import dev.tale.Rerun;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.report.WrittenResult;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The quickstart's search again, compared with what was written earlier. Model, rows and settings
 * are the quickstart's, whatever was written: where they differ, this says so before it begins.
 */
public final class QuickstartRerun {
  private QuickstartRerun() {}

  /** Reruns on as many rows as the quickstart's; whether every figure is the same. */
  public static boolean run(Path from, Path out) throws IOException {
    return run(from, out, Quickstart.ROWS);
  }

  static boolean run(Path from, Path out, int rows) throws IOException {
    if (Files.exists(out)) {
      throw new FileAlreadyExistsException(out + " exists; give a new directory");
    }
    WrittenResult earlier = earlier(from);
    Task selection = Quickstart.selection(rows);
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory());
        RoundTable table = new RoundTable()) {
      Pruner pruner = Quickstart.pruner(rows).listener(table);
      pruner
          .compareInputs(earlier, model, WeightedTasks.of(selection, 1))
          .forEach(difference -> System.out.println("What goes in differs: " + difference));
      Rerun rerun = pruner.rerun(earlier, model, selection);
      System.out.println();
      System.out.print(rerun);
      System.out.println("The later report is " + rerun.result().writeReport(out));
      return rerun.isReproduced();
    }
  }

  private static WrittenResult earlier(Path from) throws IOException {
    if (!Files.isDirectory(from)) {
      return WrittenResult.read(from);
    }
    try (OnnxModel written = OnnxModel.open(from)) {
      return WrittenResult.ofModel(written.metadata());
    }
  }
}
