package dev.tale.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A result as it was written down, to be looked at, or compared with a later one. It does not hold
 * the model, the rows or the strategy themselves, only what tells them from others: whoever runs it
 * again brings them, and is told the differences.
 */
public sealed interface WrittenResult permits WrittenReport, WrittenModel {
  /** Returns everything that is written, by name, such as {@code best.accuracy}. */
  Map<String, String> facts();

  /**
   * Returns the differences of the later result's inputs: model, rows, settings, versions, machine;
   * empty if there are none.
   */
  List<Difference> inputs(Provenance later);

  /** Returns the differences of the later result's figures; what is measured is not compared. */
  List<Difference> figures(Report later);

  /**
   * Reads a result that was written as JSON: {@code report.json}, or the text of {@link
   * Report#toJson}.
   *
   * @throws dev.tale.model.DataFormatException if the file is not such a result, or of a format
   *     that this version does not know
   * @throws IOException if the file cannot be read
   */
  static WrittenReport read(Path file) throws IOException {
    return WrittenReport.read(file);
  }

  /**
   * Returns the result that a written model tells of, which is less than a report does: the inputs,
   * the removed layers and their scores. It is compared with the configuration of a later result
   * that lacks the same layers.
   *
   * @param metadata the model's metadata; entries that are not Tale's are left alone
   * @throws IllegalArgumentException if there is no entry of Tale's, so the model is not one that
   *     Tale wrote
   */
  static WrittenResult ofModel(Map<String, String> metadata) {
    return new WrittenModel(metadata);
  }
}
