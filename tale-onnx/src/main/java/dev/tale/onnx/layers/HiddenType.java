package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Element type of the residual stream, in the order of falling precision. */
public enum HiddenType {
  /** 32-bit IEEE float. */
  FLOAT(DataType.FLOAT, 4),
  /** 16-bit IEEE float. */
  FLOAT16(DataType.FLOAT16, 2),
  /** 16-bit brain float. */
  BFLOAT16(DataType.BFLOAT16, 2);

  private final DataType dataType;
  private final int bytes;

  HiddenType(DataType dataType, int bytes) {
    this.dataType = dataType;
    this.bytes = bytes;
  }

  /** Returns the number of bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Returns the type with that number in ONNX, or null. */
  static @Nullable HiddenType of(int onnx) {
    return Arrays.stream(values()).filter(type -> type.onnx() == onnx).findFirst().orElse(null);
  }

  /** Returns the type's number in ONNX. */
  public int onnx() {
    return dataType.getNumber();
  }
}
