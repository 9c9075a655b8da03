package dev.tale.onnx.checkpoint.gguf;

/**
 * Blocks of 256 elements, in parts of 16 or 32 with a scale each, and a minimum where they are
 * affine; scales and minima are themselves quantized, in 4 or 6 bits, with one scale for all.
 */
final class SuperBlocks {
  private static final int LENGTH = 256;

  private SuperBlocks() {}

  /** 16 bytes of scales and minima in halves, 64 of elements in two bits, two scales of these. */
  static void q2(BlockBytes block, float[] floats, int at) {
    float scales = block.float16(80);
    float minima = block.float16(82);
    for (int i = 0; i < LENGTH; i++) {
      int both = block.uint8(i / 16);
      int bits = block.uint8(16 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2);
      floats[at + i] = scales * (both & 15) * (bits & 3) - minima * (both >> 4);
    }
  }

  /** 32 bytes of third bits, 64 of two bits, 12 of scales in six bits, one scale of these. */
  static void q3(BlockBytes block, float[] floats, int at) {
    float scales = block.float16(108);
    for (int i = 0; i < LENGTH; i++) {
      int bits = (block.uint8(32 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2)) & 3;
      int third = (block.uint8(i % 32) >> (i / 32)) & 1;
      floats[at + i] = scales * (scale3(block, i / 16) - 32) * (bits - (third == 1 ? 0 : 4));
    }
  }

  /** Four low bits in 8 bytes, by halves; two high bits in the next 4, by quarters. */
  private static int scale3(BlockBytes block, int part) {
    int low = (block.uint8(96 + part % 8) >> (part / 8 * 4)) & 15;
    int high = (block.uint8(104 + part % 4) >> (part / 4 * 2)) & 3;
    return low | (high << 4);
  }

  /** Two scales, 12 bytes of scales and minima in six bits, 128 of elements in halves. */
  static void q4(BlockBytes block, float[] floats, int at) {
    float scales = block.float16(0);
    float minima = block.float16(2);
    for (int i = 0; i < LENGTH; i++) {
      int part = i / 32;
      int bits = half(block, 16, i);
      floats[at + i] = scales * scale4(block, 4, part) * bits - minima * minimum4(block, 4, part);
    }
  }

  /** As of four bits, but for 32 bytes of fifth bits before the elements. */
  static void q5(BlockBytes block, float[] floats, int at) {
    float scales = block.float16(0);
    float minima = block.float16(2);
    for (int i = 0; i < LENGTH; i++) {
      int part = i / 32;
      int fifth = (block.uint8(16 + i % 32) >> part) & 1;
      int bits = half(block, 48, i) | (fifth << 4);
      floats[at + i] = scales * scale4(block, 4, part) * bits - minima * minimum4(block, 4, part);
    }
  }

  /** 64 elements share 32 bytes: the first 32 their low halves, the others their high ones. */
  private static int half(BlockBytes block, int from, int element) {
    int pair = block.uint8(from + element / 64 * 32 + element % 32);
    return element % 64 < 32 ? pair & 15 : pair >> 4;
  }

  /** Six bits of their own for the first four parts; the others have two in those. */
  private static int scale4(BlockBytes block, int from, int part) {
    return part < 4
        ? block.uint8(from + part) & 63
        : (block.uint8(from + part + 4) & 15) | (block.uint8(from + part - 4) >> 6 << 4);
  }

  private static int minimum4(BlockBytes block, int from, int part) {
    return part < 4
        ? block.uint8(from + part + 4) & 63
        : (block.uint8(from + part + 4) >> 4) | (block.uint8(from + part) >> 6 << 4);
  }

  /** 128 bytes of four low bits, 64 of two high ones, 16 scales of 8 bits, one scale of these. */
  static void q6(BlockBytes block, float[] floats, int at) {
    float scales = block.float16(208);
    for (int i = 0; i < LENGTH; i++) {
      int quarter = i % 128 / 32;
      int pair = block.uint8(i / 128 * 64 + quarter % 2 * 32 + i % 32);
      int low = quarter < 2 ? pair & 15 : pair >> 4;
      int high = (block.uint8(128 + i / 128 * 32 + i % 32) >> (quarter * 2)) & 3;
      floats[at + i] = scales * block.int8(192 + i / 16) * ((low | (high << 4)) - 32);
    }
  }
}
