package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.LinearPatch;
import dev.tale.model.LinearPatches;
import dev.tale.model.ModelExporter.Export;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.patch.CalibrationTexts;
import dev.tale.patch.PatchFit;
import dev.tale.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A pruned model with a linear map in the place of each span of removed layers, as {@link
 * PrunedModel#patched} fitted it. To be written while the original is open.
 */
public final class PatchedModel {
  private static final String METADATA = "tale.patch.";

  private final LayeredModel model;
  private final LinearPatches ability;
  private final WeightedTasks tasks;
  private final Optional<WeightedTasks> heldOut;
  private final Report report;
  private final Configuration configuration;
  private final Progress progress;
  private final CalibrationTexts calibration;
  private final PatchFit fit;

  PatchedModel(
      LayeredModel model,
      LinearPatches ability,
      WeightedTasks tasks,
      Optional<WeightedTasks> heldOut,
      Report report,
      Configuration configuration,
      Progress progress,
      CalibrationTexts calibration,
      PatchFit fit) {
    this.model = model;
    this.ability = ability;
    this.tasks = tasks;
    this.heldOut = heldOut;
    this.report = report;
    this.configuration = configuration;
    this.progress = progress;
    this.calibration = calibration;
    this.fit = fit;
  }

  /** Returns how the maps were fitted, and how close they come on texts that were not. */
  public PatchFit fit() {
    return fit;
  }

  /** Returns the maps, ascending; spans for which none is better than any have none. */
  public List<LinearPatch> patches() {
    return fit.patches();
  }

  /**
   * Writes the model with its maps, verifies it as {@link PrunedModel#export} does, opens what was
   * written and asks it: the held-out calibration texts, and the held-out rows if the search had
   * any. The same is asked of the model without maps. Costs two passes over these besides the
   * writing; nothing comes from or goes to a journal.
   *
   * @param directory a directory that does not exist or is empty
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists and is not empty
   * @throws IOException if the directory cannot be written
   * @throws IllegalArgumentException if the directory lies inside the model's own
   * @throws dev.tale.model.ModelOutputException if the written model does not agree
   */
  public PatchedExport export(Path directory) throws IOException {
    progress.on(new Progress.Phase("writing and verifying", 0, 1, "model"));
    Export export =
        ability
            .exporter(patches())
            .export(configuration.mask(), directory, metadata(), FirstRows.requests(tasks));
    progress.on(new Progress.Phase("writing and verifying", 1, 1, "model"));
    try (LayeredModel written = ability.open(export.directory())) {
      PatchedExport compared = compared(export, written);
      WrittenCard.write(export.directory(), report, configuration, section(compared));
      return compared;
    }
  }

  private static String section(PatchedExport compared) {
    return "\n## Linear maps in the place of the removed layers\n\nThe figures above are of the model"
        + " without the maps that this one has.\n\n```\n"
        + compared
        + "```\n";
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>(report.provenance().metadata(configuration));
    for (int span = 0; span < fit.spans().size(); span++) {
      metadata.put(METADATA + span, fit.spans().get(span).toString());
    }
    return metadata;
  }

  private PatchedExport compared(Export export, LayeredModel written) {
    LayeredModel without = new MaskedModel(model, configuration.mask());
    return new PatchedExport(
        export,
        fit,
        loss(model),
        loss(without),
        loss(written),
        heldOut.map(rows -> figures(without, rows)),
        heldOut.map(rows -> figures(written, rows)),
        patches().stream().mapToLong(patch -> (long) patch.width() * patch.width()).sum());
  }

  private PatchedRows figures(LayeredModel asked, WeightedTasks rows) {
    Evaluator evaluator = new Evaluator(asked, rows, "held-out", Journal.none(), progress);
    List<LayerMask> whole = List.of(nothingRemoved(asked));
    return new PatchedRows(
        evaluator.evaluate(whole).get(0).score(),
        new Objective(evaluator, List.of()).losses(whole).get(0));
  }

  /** Mean negative log-likelihood of the held-out texts, in nats a token. */
  private double loss(LayeredModel asked) {
    List<Request> texts = calibration.heldOut();
    double sum = 0;
    long tokens = 0;
    for (Response response : asked.respond(texts, List.of(nothingRemoved(asked))).get(0)) {
      Response.LogLikelihood likelihood = (Response.LogLikelihood) response;
      sum -= likelihood.sum();
      tokens += likelihood.tokens();
    }
    return sum / tokens;
  }

  private static LayerMask nothingRemoved(LayeredModel asked) {
    return LayerMask.none(asked.info().layerCount());
  }

  /** Returns the fit in words. */
  @Override
  public String toString() {
    return fit.toString();
  }
}
