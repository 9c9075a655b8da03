package dev.tale.onnx.layers;

import static com.google.common.collect.ImmutableMap.toImmutableMap;

import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What a tensor of a key-value cache looks like: [batch, heads, length, head size], or with keys
 * and values joined [2, batch, heads, length, head size], or in any other order.
 *
 * @param type element type
 * @param dims dimensions, each at least 1; 0 for batch and length
 * @param batchAxis which dimension counts rows
 * @param lengthAxis which dimension counts tokens
 */
public record CacheFormat(HiddenType type, ImmutableLongArray dims, int batchAxis, int lengthAxis) {

  /** Returns the number of bytes of one token. */
  public long bytesPerToken() {
    return LongStream.of(shape(1, 1)).reduce(type.bytes(), Math::multiplyExact);
  }

  /** Returns the width of a head, if each has its own dimension, and the last one. */
  public long headSize() {
    return dims.stream().filter(dim -> dim > 0).reduce((first, second) -> second).orElse(1);
  }

  /** Returns the shape of a cache. */
  public long[] shape(long rows, long tokens) {
    long[] shape = dims.toArray();
    shape[batchAxis] = rows;
    shape[lengthAxis] = tokens;
    return shape;
  }

  /** Returns the shape that expands nothing. */
  public long[] ones() {
    long[] ones = new long[dims.length()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Returns the format of every cache input, in the order of layers. */
  public static ImmutableMap<String, CacheFormat> byInput(ResidualStream stream) {
    return IntStream.range(0, stream.layerCount())
        .boxed()
        .flatMap(layer -> stream.layer(layer).pastInputs().stream())
        .collect(toImmutableMap(input -> input, input -> of(stream, input)));
  }

  /**
   * Reads the declaration of a cache input.
   *
   * @throws dev.tale.model.UnsupportedModelException if it leaves open what must be fixed
   */
  public static CacheFormat of(ResidualStream stream, String input) {
    OnnxGraph graph = stream.graph();
    ValueInfoProto declared = declared(graph, input);
    List<Dimension> dims = dims(declared);
    TypeProto.Tensor tensor = declared.getType().getTensorType();
    @Nullable HiddenType type = HiddenType.of(tensor.getElemType());
    OptionalInt length = length(stream, input, dims);
    OptionalInt batch = length.isPresent() ? batch(dims, length.getAsInt()) : length;
    if (type == null || batch.isEmpty() || holdsHeads(dims.get(batch.getAsInt()))) {
      throw refused(graph, input, tensor.getElemType(), dims);
    }
    ImmutableLongArray.Builder sizes = ImmutableLongArray.builder();
    for (int axis = 0; axis < dims.size(); axis++) {
      boolean varies = axis == batch.getAsInt() || axis == length.getAsInt();
      sizes.add(varies ? 0 : dims.get(axis).getDimValue());
    }
    return new CacheFormat(type, sizes.build(), batch.getAsInt(), length.getAsInt());
  }

  /** Returns the dimensions that an input is declared with. */
  static List<Dimension> dims(OnnxGraph graph, String input) {
    return dims(declared(graph, input));
  }

  private static ValueInfoProto declared(OnnxGraph graph, String input) {
    return graph.proto().getGraph().getInputList().stream()
        .filter(candidate -> candidate.getName().equals(input))
        .findFirst()
        .orElseThrow();
  }

  private static List<Dimension> dims(ValueInfoProto value) {
    return value.getType().getTensorType().getShape().getDimList();
  }

  /** The new tokens are appended along it; where that is not seen, all that is declared tells. */
  private static OptionalInt length(ResidualStream stream, String input, List<Dimension> dims) {
    OptionalInt appended = AppendedCache.lengthAxis(stream.graph(), stream.flow(), input, dims);
    if (appended.isPresent() || isPlain(dims)) {
      return appended.isPresent() ? appended : OptionalInt.of(2);
    }
    List<Integer> open = open(dims);
    OptionalInt batch = named(stream.graph(), dims);
    return open.size() == 2 && batch.isPresent()
        ? OptionalInt.of(open.get(0) == batch.getAsInt() ? open.get(1) : open.get(0))
        : OptionalInt.empty();
  }

  /** Every other dimension is fixed; of several that may be 1, it is named as that of the ids. */
  private static OptionalInt batch(List<Dimension> dims, int length) {
    List<Integer> others = open(dims).stream().filter(axis -> axis != length).toList();
    if (others.isEmpty()) {
      List<Integer> ones =
          IntStream.range(0, dims.size())
              .filter(axis -> axis != length && dims.get(axis).getDimValue() == 1)
              .boxed()
              .toList();
      return isPlain(dims) || ones.size() == 1
          ? OptionalInt.of(isPlain(dims) ? 0 : ones.get(0))
          : OptionalInt.empty();
    }
    return others.size() == 1 ? OptionalInt.of(others.get(0)) : OptionalInt.empty();
  }

  private static OptionalInt named(OnnxGraph graph, List<Dimension> dims) {
    List<Dimension> ids = dims(declared(graph, ModelInputs.INPUT_IDS));
    String rows = ids.isEmpty() ? "" : ids.get(0).getDimParam();
    return IntStream.range(0, dims.size())
        .filter(axis -> !rows.isEmpty() && dims.get(axis).getDimParam().equals(rows))
        .findFirst();
  }

  private static List<Integer> open(List<Dimension> dims) {
    return IntStream.range(0, dims.size())
        .filter(axis -> dims.get(axis).getDimValue() < 1)
        .boxed()
        .toList();
  }

  /** [batch, heads, length, head size], as nearly all exporters have it. */
  private static boolean isPlain(List<Dimension> dims) {
    return dims.size() == 4 && dims.get(1).getDimValue() > 0 && dims.get(3).getDimValue() > 0;
  }

  private static RuntimeException refused(
      OnnxGraph graph, String input, int type, List<Dimension> dims) {
    return graph
        .source()
        .unsupported(
            "cache input "
                + input
                + " is declared as "
                + dims.stream().map(CacheFormat::text).toList()
                + " of ONNX type "
                + type
                + ", but "
                + reason(type, dims));
  }

  private static String reason(int type, List<Dimension> dims) {
    if (HiddenType.of(type) == null) {
      return "only caches of float32, float16 and bfloat16 are supported. Export it without"
          + " quantized caches";
    }
    if (dims.stream().anyMatch(CacheFormat::holdsHeads)) {
      return "batch and heads share a dimension. Export it with transformers 4.48 or newer, which"
          + " keeps them apart";
    }
    return open(dims).size() == 2
        ? "it is not known which of the open dimensions is the batch. Export it with the batch"
            + " named as in input_ids"
        : "exactly two dimensions may be open, batch and length, as in [batch, heads, length, head"
            + " size]. Export it with fixed heads and head size";
  }

  /** As in the caches of Bloom, [batch_size * num_heads, head size, length]. */
  private static boolean holdsHeads(Dimension dim) {
    String name = dim.getDimParam();
    return name.contains("batch") && name.contains("head");
  }

  private static String text(Dimension dim) {
    return dim.hasDimValue() ? String.valueOf(dim.getDimValue()) : dim.getDimParam();
  }
}
