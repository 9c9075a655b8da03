package dev.tale.onnx.checkpoint.gguf;

import java.util.Arrays;
import java.util.Optional;

/** Types of metadata. */
enum GgufType {
  UINT8(0, 1),
  INT8(1, 1),
  UINT16(2, 2),
  INT16(3, 2),
  UINT32(4, 4),
  INT32(5, 4),
  FLOAT32(6, 4),
  BOOL(7, 1),
  STRING(8, 8),
  ARRAY(9, 12),
  UINT64(10, 8),
  INT64(11, 8),
  FLOAT64(12, 8);

  private final int number;
  private final int leastBytes;

  GgufType(int number, int leastBytes) {
    this.number = number;
    this.leastBytes = leastBytes;
  }

  /** The type of a number, if there is one. */
  static Optional<GgufType> of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }

  /** The number in files. */
  int number() {
    return number;
  }

  /** Bytes that a value takes at least. */
  int leastBytes() {
    return leastBytes;
  }
}
