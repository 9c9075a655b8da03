package dev.tale.onnx.checkpoint.gguf;

/** The bytes of one block, read by their place in it. */
final class BlockBytes {
  private final byte[] bytes;
  private int begin;

  BlockBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  void moveTo(int place) {
    begin = place;
  }

  int int8(int at) {
    return bytes[begin + at];
  }

  int uint8(int at) {
    return bytes[begin + at] & 0xff;
  }

  int uint16(int at) {
    return uint8(at) | (uint8(at + 1) << 8);
  }

  int int32(int at) {
    return uint16(at) | (uint16(at + 2) << 16);
  }

  float float32(int at) {
    return Float.intBitsToFloat(int32(at));
  }

  float bfloat16(int at) {
    return Float.intBitsToFloat(uint16(at) << 16);
  }

  /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
  float float16(int at) {
    int half = uint16(at);
    int sign = (half & 0x8000) << 16;
    int exponent = (half >> 10) & 0x1f;
    int fraction = half & 0x3ff;
    if (exponent == 0) {
      float small = fraction * 0x1p-24f;
      return sign == 0 ? small : -small;
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | (wide << 23) | (fraction << 13));
  }
}
