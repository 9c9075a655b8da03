package dev.tale.onnx.checkpoint.gguf;

/**
 * Blocks of 32 elements with one scale, and with one minimum where they are affine. Low halves of
 * bytes are the first 16 elements, high halves the last; a fifth bit lies in four bytes of its own.
 */
final class Blocks {
  private static final int HALF = 16;

  private Blocks() {}

  static void q4Symmetric(BlockBytes block, float[] floats, int at) {
    float scale = block.float16(0);
    for (int i = 0; i < HALF; i++) {
      int pair = block.uint8(2 + i);
      floats[at + i] = scale * ((pair & 15) - 8);
      floats[at + HALF + i] = scale * ((pair >> 4) - 8);
    }
  }

  static void q4Affine(BlockBytes block, float[] floats, int at) {
    float scale = block.float16(0);
    float minimum = block.float16(2);
    for (int i = 0; i < HALF; i++) {
      int pair = block.uint8(4 + i);
      floats[at + i] = scale * (pair & 15) + minimum;
      floats[at + HALF + i] = scale * (pair >> 4) + minimum;
    }
  }

  static void q5Symmetric(BlockBytes block, float[] floats, int at) {
    float scale = block.float16(0);
    int high = block.int32(2);
    for (int i = 0; i < HALF; i++) {
      int pair = block.uint8(6 + i);
      floats[at + i] = scale * (((pair & 15) | fifth(high, i)) - 16);
      floats[at + HALF + i] = scale * (((pair >> 4) | fifth(high, HALF + i)) - 16);
    }
  }

  static void q5Affine(BlockBytes block, float[] floats, int at) {
    float scale = block.float16(0);
    float minimum = block.float16(2);
    int high = block.int32(4);
    for (int i = 0; i < HALF; i++) {
      int pair = block.uint8(8 + i);
      floats[at + i] = scale * ((pair & 15) | fifth(high, i)) + minimum;
      floats[at + HALF + i] = scale * ((pair >> 4) | fifth(high, HALF + i)) + minimum;
    }
  }

  private static int fifth(int high, int element) {
    return ((high >>> element) & 1) << 4;
  }

  static void q8(BlockBytes block, float[] floats, int at) {
    float scale = block.float16(0);
    for (int i = 0; i < 2 * HALF; i++) {
      floats[at + i] = scale * block.int8(2 + i);
    }
  }
}
