package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayeredModel;
import dev.tale.model.LinearPatches;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelExporter.Export;
import dev.tale.patch.CalibrationTexts;
import dev.tale.patch.PatchFit;
import dev.tale.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model without some of its layers: how it did, and the means to write it. */
public final class PrunedModel {
  private final LayeredModel model;
  private final WeightedTasks tasks;
  private final Optional<WeightedTasks> heldOut;
  private final Report report;
  private final Configuration configuration;
  private final Progress progress;

  PrunedModel(
      LayeredModel model,
      WeightedTasks tasks,
      Optional<WeightedTasks> heldOut,
      Report report,
      Configuration configuration,
      Progress progress) {
    this.progress = progress;
    this.model = model;
    this.tasks = tasks;
    this.heldOut = heldOut;
    this.report = report;
    this.configuration = configuration;
  }

  /** Returns the removed layers, their scores and their cost, if that was measured. */
  public Configuration configuration() {
    return configuration;
  }

  /**
   * The pruned model, to be asked at once and without being written: the original runs it, and has
   * to stay open. Layers keep the indices that they have there; the mask that removes none asks the
   * pruned model, others remove more. Closing it closes nothing.
   */
  public LayeredModel open() {
    return new MaskedModel(model, configuration.mask());
  }

  /**
   * Writes the pruned model beside its tokenizer and configuration, and verifies it: the written
   * model is loaded and its output on the first {@value FirstRows#ROWS} rows of the task, of
   * several tasks on as many in all, logits or an encoder's hidden states, is compared with that of
   * the original under the same mask. A model card, {@code README.md}, says what was removed for
   * what, with which figures, and how to load it; the original's, if there is one, becomes {@code
   * README.original.md}. Nothing is left behind on failure.
   *
   * @param directory a directory that does not exist or is empty
   * @throws java.nio.file.FileAlreadyExistsException if the directory exists and is not empty
   * @throws IOException if the directory cannot be written
   * @throws IllegalArgumentException if the directory lies inside the model's own
   * @throws IllegalStateException if the model's runtime cannot write models
   * @throws dev.tale.model.ModelOutputException if the written model does not agree
   */
  public Export export(Path directory) throws IOException {
    ModelExporter exporter =
        model
            .exporter()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Model " + model.info().name() + " cannot be written by its runtime"));
    progress.on(new Progress.Phase("writing and verifying", 0, 1, "model"));
    Export written =
        exporter.export(
            configuration.mask(),
            directory,
            report.provenance().metadata(configuration),
            FirstRows.requests(tasks));
    WrittenCard.write(written.directory(), report, configuration, "");
    progress.on(new Progress.Phase("writing and verifying", 1, 1, "model"));
    return written;
  }

  /**
   * Fits a linear map in the place of each span of neighbouring removed layers, in closed form:
   * least squares on what the span adds to the residual stream of the unpruned model, over all
   * tokens of texts, shrunk towards the plain removal by a ridge that texts of their own choose
   * (after ReplaceMe, arXiv 2505.02819). Nothing is written yet; this model stays as it is. Costs
   * as {@link PatchFit#of} says.
   *
   * @param texts plain texts of the kind that the model will read, with ten times as many tokens as
   *     the model is wide, or more. Of ten texts one is held out and one chooses the ridge. They
   *     must not be, or hold, the rows that are held out: what is reported of those would not be
   *     held out any more
   * @throws IllegalStateException if the model's runtime cannot put maps in the place of layers
   * @throws dev.tale.model.UnsupportedModelException if it cannot write this model with maps; the
   *     message says which way works
   * @throws IllegalArgumentException if nothing was removed, there are too few texts or tokens, or
   *     a text is too short
   * @throws dev.tale.model.UnanswerableRequestException if a text does not fit into the context,
   *     with its position
   * @throws dev.tale.model.ModelOutputException if the model's states are not finite on the texts
   */
  public PatchedModel patched(List<String> texts) {
    LinearPatches ability =
        model
            .linearPatches()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Model "
                            + model.info().name()
                            + " cannot have maps in the place of layers; a decoder opened with"
                            + " tale-onnx can"));
    ability.check();
    CalibrationTexts calibration = new CalibrationTexts(texts);
    progress.on(new Progress.Phase("fitting maps", 0, 1, "model"));
    PatchFit fit = PatchFit.of(ability, configuration.mask(), calibration);
    progress.on(new Progress.Phase("fitting maps", 1, 1, "model"));
    return new PatchedModel(
        model, ability, tasks, heldOut, report, configuration, progress, calibration, fit);
  }
}
