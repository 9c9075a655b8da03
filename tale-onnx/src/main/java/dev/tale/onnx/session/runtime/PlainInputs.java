package dev.tale.onnx.session.runtime;

import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableMap;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.InputSizes;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The inputs that an ordinary model declares.
 *
 * @param byName what each is declared as
 * @param caches what is known of those that are key-value caches; one that nothing is known of is
 *     taken for [batch, heads, length, head size]
 */
record PlainInputs(
    ImmutableMap<String, TensorInfo> byName, ImmutableMap<String, CacheFormat> caches) {

  static PlainInputs of(Map<String, TensorInfo> byName, Map<String, CacheFormat> caches) {
    return new PlainInputs(ImmutableMap.copyOf(byName), ImmutableMap.copyOf(caches));
  }

  /** Returns the length of every sequence: as fixed, or else that of the longest. */
  int length(int longest) {
    return InputSizes.NAMED.stream()
        .flatMap(name -> Stream.ofNullable(byName.get(name)))
        .map(TensorInfo::getShape)
        .filter(shape -> shape.length == 2 && shape[1] > 0)
        .mapToInt(shape -> Math.toIntExact(shape[1]))
        .findFirst()
        .orElse(longest);
  }

  /**
   * Returns the shape of a cache of length 0.
   *
   * @throws UnsupportedModelException if the input is no cache
   */
  long[] emptyCache(String name, int rows) {
    @Nullable TensorInfo info = byName.get(name);
    @Nullable CacheFormat format = caches.get(name);
    long[] shape = info == null ? new long[0] : info.getShape().clone();
    int batch = format == null ? 0 : format.batchAxis();
    int length = format == null ? 2 : format.lengthAxis();
    int rank = format == null ? 4 : format.dims().length();
    if (shape.length != rank || shape[length] >= 0) {
      throw unknown(name, shape);
    }
    for (int axis = 0; format != null && axis < rank; axis++) {
      shape[axis] = shape[axis] < 0 ? format.dims().get(axis) : shape[axis];
    }
    shape[batch] = rows;
    shape[length] = 0;
    if (LongStream.of(shape).anyMatch(dim -> dim < 0)) {
      throw unknown(name, shape);
    }
    return shape;
  }

  private static UnsupportedModelException unknown(String name, long[] shape) {
    return new UnsupportedModelException(
        "Input "
            + name
            + " of shape "
            + Arrays.toString(shape)
            + " is neither tokens, mask, positions nor a cache such as [batch, heads, length, head"
            + " size] with batch and length open");
  }
}
