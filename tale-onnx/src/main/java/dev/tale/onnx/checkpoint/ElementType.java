package dev.tale.onnx.checkpoint;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.common.collect.ImmutableMap;
import java.util.Optional;

/** Element types of weights that Tale runs. */
enum ElementType {
  F32(DataType.FLOAT_VALUE),
  F16(DataType.FLOAT16_VALUE),
  BF16(DataType.BFLOAT16_VALUE);

  /** Bytes of an element, by name, of every type that safetensors has. */
  private static final ImmutableMap<String, Integer> SIZES =
      ImmutableMap.<String, Integer>builder()
          .put("BOOL", 1)
          .put("U8", 1)
          .put("I8", 1)
          .put("F8_E5M2", 1)
          .put("F8_E4M3", 1)
          .put("I16", 2)
          .put("U16", 2)
          .put("F16", 2)
          .put("BF16", 2)
          .put("I32", 4)
          .put("U32", 4)
          .put("F32", 4)
          .put("F64", 8)
          .put("I64", 8)
          .put("U64", 8)
          .buildOrThrow();

  private final int onnx;

  ElementType(int onnx) {
    this.onnx = onnx;
  }

  /** The type's number in ONNX. */
  int onnx() {
    return onnx;
  }

  /** Bytes of an element of a type that a file may have, run or not. */
  static Optional<Integer> size(String name) {
    return Optional.ofNullable(SIZES.get(name));
  }
}
