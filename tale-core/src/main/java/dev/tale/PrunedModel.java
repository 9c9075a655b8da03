package dev.tale;

import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.files.NamedFailure;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelExporter.Export;
import dev.tale.report.Report;
import dev.tale.report.section.ModelCard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A model without some of its layers: how it did, and the means to write it. */
public final class PrunedModel {
  private static final String CARD = "README.md";

  private final LayeredModel model;
  private final WeightedTasks tasks;
  private final Report report;
  private final Configuration configuration;
  private final Progress progress;

  PrunedModel(
      LayeredModel model,
      WeightedTasks tasks,
      Report report,
      Configuration configuration,
      Progress progress) {
    this.progress = progress;
    this.model = model;
    this.tasks = tasks;
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
    writeCard(written.directory());
    progress.on(new Progress.Phase("writing and verifying", 1, 1, "model"));
    return written;
  }

  /**
   * The original's card, if it was copied, gets another name: it has licence and history. That of a
   * model that was pruned before has both, and gives way.
   */
  private void writeCard(Path directory) throws IOException {
    Path card = directory.resolve(CARD);
    Path original = directory.resolve(ModelCard.ORIGINAL);
    if (Files.exists(card) && Files.notExists(original)) {
      Files.move(card, original);
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      NamedFailure.of(
          card, () -> Files.writeString(card, ModelCard.of(report, configuration, names)));
    }
  }
}
