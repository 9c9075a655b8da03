package dev.tale.task;

import java.util.List;

/**
 * What a row lets the model choose from.
 *
 * @param texts of the options, by position
 * @param gold 0-based position of the right one
 */
public record RowOptions(List<String> texts, int gold) {
  /** Copies the texts. */
  public RowOptions {
    texts = List.copyOf(texts);
  }
}
