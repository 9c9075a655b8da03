package dev.tale.onnx.checkpoint.gguf;

import com.google.common.collect.ImmutableList;

/**
 * A tensor as it lies in a file: rows of blocks.
 *
 * @param name in the file
 * @param type of its blocks
 * @param shape dimensions, the slowest first, which is the reverse of the file's order
 * @param offset of its first byte in the file
 */
record GgufTensor(String name, GgmlType type, ImmutableList<Long> shape, long offset) {

  /** Elements of a row. */
  long rowLength() {
    return shape.get(shape.size() - 1);
  }

  /** Number of rows. */
  long rows() {
    return shape.stream().limit(shape.size() - 1L).reduce(1L, Math::multiplyExact);
  }

  /** Bytes of a row. */
  long rowBytes() {
    return rowLength() / type.blockLength() * type.blockBytes();
  }

  /** Bytes of all rows. */
  long bytes() {
    return Math.multiplyExact(rows(), rowBytes());
  }
}
