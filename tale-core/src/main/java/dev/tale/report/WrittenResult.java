package dev.tale.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A result as it was written down, to be compared with a later one. It does not hold the model, the
 * rows or the strategy themselves, only what tells them from others: whoever runs it again brings
 * them, and is told what differs.
 */
public interface WrittenResult {

  /**
   * Returns what went into the later result otherwise: model, rows, settings, versions, machine;
   * empty if nothing did.
   */
  List<Difference> inputs(Provenance later);

  /** Returns what came out otherwise; empty if nothing did. What is measured is not compared. */
  List<Difference> figures(Report later);

  /**
   * Reads a result that was written as JSON: {@code report.json}, or what {@link Report#toJson}
   * returned.
   *
   * @throws dev.tale.model.DataFormatException if the file is not such a result, or of a format
   *     that this version does not know
   * @throws IOException if the file cannot be read
   */
  static WrittenResult read(Path file) throws IOException {
    return WrittenReport.read(file);
  }

  /**
   * Returns what a written model says of itself, which is less than a report does: what went in,
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
