package dev.tale.onnx.checkpoint.gguf;

import java.util.Arrays;
import java.util.Optional;

/** Types of tensors that are read, with their numbers in ggml. */
enum GgmlType {
  F32(0, 1, 4, (block, floats, at) -> floats[at] = block.float32(0)),
  F16(1, 1, 2, (block, floats, at) -> floats[at] = block.float16(0)),
  Q4_0(2, 32, 18, Blocks::q4Symmetric),
  Q4_1(3, 32, 20, Blocks::q4Affine),
  Q5_0(6, 32, 22, Blocks::q5Symmetric),
  Q5_1(7, 32, 24, Blocks::q5Affine),
  Q8_0(8, 32, 34, Blocks::q8),
  Q2_K(10, 256, 84, SuperBlocks::q2),
  Q3_K(11, 256, 110, SuperBlocks::q3),
  Q4_K(12, 256, 144, SuperBlocks::q4),
  Q5_K(13, 256, 176, SuperBlocks::q5),
  Q6_K(14, 256, 210, SuperBlocks::q6),
  BF16(30, 1, 2, (block, floats, at) -> floats[at] = block.bfloat16(0));

  private final int number;
  private final int blockLength;
  private final int blockBytes;

  @SuppressWarnings("ImmutableEnumChecker") // all are method references
  private final Decoder decoder;

  GgmlType(int number, int blockLength, int blockBytes, Decoder decoder) {
    this.number = number;
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
    this.decoder = decoder;
  }

  /** The type of a number, if it is read. */
  static Optional<GgmlType> of(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }

  /** The number in ggml. */
  int number() {
    return number;
  }

  /** Elements of a block. */
  int blockLength() {
    return blockLength;
  }

  /** Bytes of a block. */
  int blockBytes() {
    return blockBytes;
  }

  /** Dequantizes rows of blocks, as many as the bytes hold. */
  float[] dequantize(byte[] bytes) {
    int blocks = bytes.length / blockBytes;
    float[] floats = new float[blocks * blockLength];
    BlockBytes block = new BlockBytes(bytes);
    for (int i = 0; i < blocks; i++) {
      block.moveTo(i * blockBytes);
      decoder.decode(block, floats, i * blockLength);
    }
    return floats;
  }

  /** Writes the elements of a block into an array, from a place on. */
  @FunctionalInterface
  private interface Decoder {
    void decode(BlockBytes block, float[] floats, int at);
  }
}
