package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.platform.Fp16Conversions;
import dev.tale.onnx.layers.HiddenType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Makes input tensors. */
public final class Tensors {
  private Tensors() {}

  public static Native<OnnxTensor> longs(long[] values, long... shape) {
    return Native.own(() -> OnnxTensor.createTensor(environment(), LongBuffer.wrap(values), shape));
  }

  /** Returns a matrix. */
  public static Native<OnnxTensor> grid(int rows, int columns, Cell cell) {
    long[] values = new long[rows * columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        values[row * columns + column] = cell.value(row, column);
      }
    }
    return longs(values, rows, columns);
  }

  static Native<OnnxTensor> bool(boolean value) {
    return Native.own(() -> OnnxTensor.createTensor(environment(), value));
  }

  /** Returns a tensor without elements: one dimension at least is 0. */
  public static Native<OnnxTensor> empty(OnnxJavaType type, long... shape) {
    return zeros(type, 0, shape);
  }

  /** Returns a tensor of so many bytes, all 0. */
  public static Native<OnnxTensor> zeros(OnnxJavaType type, int bytes, long... shape) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    return Native.own(() -> OnnxTensor.createTensor(environment(), buffer, shape, type));
  }

  /** Returns how many bytes the elements of a tensor take. */
  static long bytes(OnnxTensor tensor) {
    return tensor.getInfo().getNumElements() * tensor.getInfo().type.size;
  }

  /** Returns a tensor of floating-point numbers, rounded to the nearest of its type. */
  public static Native<OnnxTensor> floats(OnnxJavaType type, float[] values, long... shape) {
    if (type == OnnxJavaType.FLOAT) {
      return Native.own(
          () -> OnnxTensor.createTensor(environment(), FloatBuffer.wrap(values), shape));
    }
    ShortBuffer bits = ShortBuffer.allocate(values.length);
    for (float value : values) {
      bits.put(
          type == OnnxJavaType.FLOAT16
              ? Fp16Conversions.floatToFp16(value)
              : Fp16Conversions.floatToBf16(value));
    }
    bits.flip();
    return Native.own(() -> OnnxTensor.createTensor(environment(), bits, shape, type));
  }

  public static OnnxJavaType javaType(HiddenType type) {
    return switch (type) {
      case FLOAT -> OnnxJavaType.FLOAT;
      case FLOAT16 -> OnnxJavaType.FLOAT16;
      case BFLOAT16 -> OnnxJavaType.BFLOAT16;
    };
  }

  private static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment();
  }

  /** What a matrix has at a place. */
  @FunctionalInterface
  public interface Cell {
    long value(int row, int column);
  }
}
