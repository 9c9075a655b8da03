package dev.tale.onnx.session.batch;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A matrix, row after row. */
public final class Rows {
  private final float[] values; // [rows, width]
  private final int width;

  public Rows(float[] values, int width) {
    this.values = values;
    this.width = width;
  }

  public List<float[]> at(List<Integer> rows) {
    return rows.stream()
        .map(row -> Arrays.copyOfRange(values, row * width, (row + 1) * width))
        .toList();
  }

  public List<float[]> all() {
    return at(IntStream.range(0, values.length / width).boxed().toList());
  }
}
