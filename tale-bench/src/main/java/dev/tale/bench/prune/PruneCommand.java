package dev.tale.bench.prune;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.PruneResult;
import dev.tale.Pruner;
import dev.tale.analysis.AnalysisPlan;
import dev.tale.bench.command.RunDirectory;
import dev.tale.bench.quickstart.RoundTable;
import dev.tale.evaluate.Progress;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.Request;
import dev.tale.onnx.ExportForm;
import dev.tale.onnx.OnnxModel;
import dev.tale.task.Task;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Removes layers of a model for a task, and writes the smaller model, a report and the figures. */
@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Removes layers that a task does not need: OUT/pruned is the smaller model, OUT/result.json"
            + " the figures, OUT/report/index.html the report. An interrupted run goes on.")
final class PruneCommand implements Callable<Integer> {
  /** Rows that a dry run times. */
  private static final int TIMED_ROWS = 8;

  @Mixin private final ModelOptions model = new ModelOptions();
  @Mixin private final TaskOptions tasks = new TaskOptions();
  @Mixin private final SearchOptions search = new SearchOptions();

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "New directory.")
  private Path out = Path.of("");

  @Option(
      names = "--form",
      defaultValue = "AS_OPENED",
      description = "What is written: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private ExportForm form = ExportForm.AS_OPENED;

  @Option(
      names = "--weights",
      paramLabel = "DIR",
      description =
          "Folder for the dequantized weights of a GGUF file, kept for the next run (default: in"
              + " --out, until the end).")
  private @Nullable Path weights;

  @Option(
      names = "--analysis",
      description = "Measure in the report why layers matter; takes longer than the search.")
  private boolean analysis;

  @Option(
      names = "--dry-run",
      description =
          "Say what would be done and about how long the search takes, and keep nothing; a GGUF file"
              + " is dequantized among the temporary files for that.")
  private boolean dryRun;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    search.check(new TypedOptions(spec));
    TaskOptions.TaskRows rows = tasks.read();
    Task selection = rows.selection();
    Optional<Task> heldOut = rows.heldOut();
    RunDirectory.check(out);
    RunDirectory directory = new RunDirectory(out);
    Pruner pruner = search.pruner(directory.journal());
    heldOut.ifPresent(pruner::heldOut);
    pruner.check(selection);
    OnnxModel.Builder builder = model.builder().exportForm(form);
    if (!dryRun) {
      builder.weightsFolder(weights == null ? directory.weights() : weights);
    }
    builder.listener(Progress.console());
    try (OnnxModel opened = builder.open()) {
      if (weights != null && Files.notExists(weights) && !dryRun) {
        throw new TypeConversionException("--weights goes with a GGUF file");
      }
      describe(opened, rows);
      if (dryRun) {
        estimate(opened, selection, heldOut);
      } else {
        prune(pruner, opened, selection, RunDirectory.prepare(out));
      }
    } finally {
      delete(directory.weights());
    }
    return 0;
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private void describe(OnnxModel opened, TaskOptions.TaskRows rows) {
    print(
        "%s: %d layers or parts; %s: %d rows choose, %d are held out",
        opened.info().name(),
        opened.info().layerCount(),
        rows.selection().name(),
        rows.selection().size(),
        rows.heldOut().map(Task::size).orElse(0));
    rows.warning().ifPresent(spec.commandLine().getErr()::println);
  }

  /** Rehearses the search, and times the whole model on a few rows. */
  private void estimate(OnnxModel opened, Task selection, Optional<Task> heldOut)
      throws IOException {
    RehearsedModel rehearsed = new RehearsedModel(opened);
    Pruner pruner = search.rehearsal().withoutLatency().listener(Progress.none());
    heldOut.ifPresent(pruner::heldOut);
    pruner.prune(rehearsed, selection);
    long forwards = rehearsed.work().layerForwards();
    print(
        "%s: at most %d masks, %,d layer-forwards, about %.0f s%s; a floor or guard may end it"
            + " earlier. Writing and measuring what is found comes on top. Nothing was kept",
        search,
        rehearsed.masks(),
        forwards,
        forwards * secondsPerForward(opened, selection),
        search.races() ? " without racing, which may spare half or more of it" : "");
  }

  private static double secondsPerForward(OnnxModel opened, Task selection) {
    List<LayerMask> whole = List.of(LayerMask.none(opened.info().layerCount()));
    List<Request> few = requests(selection, Math.min(TIMED_ROWS, selection.size()));
    opened.respond(few, whole);
    long start = System.nanoTime();
    opened.respond(few, whole);
    double seconds = (System.nanoTime() - start) / 1e9;
    return seconds / Math.max(1, opened.cost(Batch.of(few, whole)).layerForwards());
  }

  private static List<Request> requests(Task task, int rows) {
    return IntStream.range(0, rows).boxed().flatMap(row -> task.requests(row).stream()).toList();
  }

  private void prune(Pruner pruner, OnnxModel opened, Task selection, RunDirectory directory)
      throws IOException {
    PruneResult result;
    Export export;
    Path page;
    try (RoundTable table = new RoundTable()) {
      result = pruner.listener(table).prune(opened, selection);
      print("%n%s", result);
      export = result.chosen().export(directory.pruned());
      page =
          analysis
              ? result.writeReport(directory.report(), AnalysisPlan.standard(1))
              : result.writeReport(directory.report());
    }
    directory.writeResult(result.toJson());
    print(
        "%s: %,d bytes, without %s; verified on %d prompts, largest difference %.1e%nreport: %s",
        export.directory(),
        export.bytes(),
        opened.info().removedNames(export.mask()),
        export.verifiedPrompts(),
        export.maxAbsDifference(),
        page);
  }

  private void print(String format, Object... values) {
    PrintWriter writer = spec.commandLine().getOut();
    writer.printf(Locale.ROOT, format + "%n", values);
    writer.flush();
  }
}
