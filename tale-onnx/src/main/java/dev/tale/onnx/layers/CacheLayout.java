package dev.tale.onnx.layers;

/** Where a model puts the keys and values of new tokens, which decides how rows are padded. */
public enum CacheLayout {

  /**
   * Behind everything that is fed, at the same place in all rows: {@code Concat}. Rows of different
   * lengths must end together, so they are padded on the left.
   */
  CONCATENATED,

  /**
   * Behind the row's own, as many as the attention mask has ones: {@code GroupQueryAttention}. Rows
   * are padded on the right.
   */
  BY_ROW
}
