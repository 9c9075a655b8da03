package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.OptionalLong;

/** Exact sizes of tensors. */
public final class TensorSize {
  private TensorSize() {}

  /**
   * Returns the number of elements.
   *
   * @throws ArithmeticException if a dimension is negative or the product overflows
   */
  public static long elements(List<Long> dims) {
    long product = 1;
    for (long dim : dims) {
      if (dim < 0) {
        throw new ArithmeticException("negative dimension " + dim);
      }
      product = Math.multiplyExact(product, dim);
    }
    return product;
  }

  /**
   * Returns the number of bytes that the tensor's type and dimensions ask for, empty if the type
   * has no fixed width or is unknown.
   *
   * @throws ArithmeticException if a dimension is negative or the size overflows
   */
  public static OptionalLong bytes(TensorProto tensor) {
    int bits = bits(tensor.getDataType());
    if (bits == 0) {
      return OptionalLong.empty();
    }
    long total = Math.multiplyExact(elements(tensor.getDimsList()), (long) bits);
    return OptionalLong.of(Math.addExact(total, 7) / 8);
  }

  /** Types 23 to 26 (FLOAT4, FLOAT8E8M0, UINT2, INT2) are newer than the generated classes. */
  private static int bits(int type) {
    return switch (type) {
      case 25, 26 -> 2;
      case DataType.UINT4_VALUE, DataType.INT4_VALUE, 23 -> 4;
      case DataType.UINT8_VALUE,
          DataType.INT8_VALUE,
          DataType.BOOL_VALUE,
          DataType.FLOAT8E4M3FN_VALUE,
          DataType.FLOAT8E4M3FNUZ_VALUE,
          DataType.FLOAT8E5M2_VALUE,
          DataType.FLOAT8E5M2FNUZ_VALUE,
          24 ->
          8;
      case DataType.UINT16_VALUE,
          DataType.INT16_VALUE,
          DataType.FLOAT16_VALUE,
          DataType.BFLOAT16_VALUE ->
          16;
      case DataType.FLOAT_VALUE, DataType.INT32_VALUE, DataType.UINT32_VALUE -> 32;
      case DataType.DOUBLE_VALUE,
          DataType.INT64_VALUE,
          DataType.UINT64_VALUE,
          DataType.COMPLEX64_VALUE ->
          64;
      case DataType.COMPLEX128_VALUE -> 128;
      default -> 0;
    };
  }
}
