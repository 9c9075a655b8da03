package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelExporter.Export;
import dev.tale.report.Provenance;
import java.io.IOException;
import java.nio.file.Path;

/** A model without some of its layers: how it did, and the means to write it. */
public final class PrunedModel {
  private final LayeredModel model;
  private final WeightedTasks tasks;
  private final Provenance provenance;
  private final Configuration configuration;

  PrunedModel(
      LayeredModel model, WeightedTasks tasks, Provenance provenance, Configuration configuration) {
    this.model = model;
    this.tasks = tasks;
    this.provenance = provenance;
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
   * the original under the same mask. Nothing is left behind on failure.
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
    return exporter.export(
        configuration.mask(),
        directory,
        provenance.metadata(configuration),
        FirstRows.requests(tasks));
  }
}
