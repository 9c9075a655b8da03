package dev.tale.onnx.excise;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.protobuf.ByteString;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.layers.HiddenType;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.layers.StreamMaps;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nodes and weights of maps in the place of removed layers: a product of the stream with the
 * matrix in float32, added to the stream. A stream of 16 bits is cast to float32 for the product,
 * which is cast back: the sum stays one of the stream. In every layout of the stream the width is
 * last.
 *
 * @param nodes in topological order
 * @param weights the matrices, float32 [width, width]
 * @param outputs what the maps make, by the first layer of the span
 * @param byInput what the maps make, by what they read
 */
record PatchNodes(
    ImmutableList<NodeProto> nodes,
    ImmutableList<TensorProto> weights,
    ImmutableMap<Integer, String> outputs,
    ImmutableMap<String, String> byInput) {
  private static final String NAME = "tale.patch.";

  static PatchNodes of(ResidualStream stream, LayerMask mask, List<LinearPatch> patches) {
    LinearPatch.requireSpansOf(mask, patches);
    Builder builder = new Builder(stream);
    for (LinearPatch patch : patches) {
      builder.requireFitting(patch);
      if (!patch.isZero()) {
        builder.add(patch);
      }
    }
    return builder.build();
  }

  /** Returns the stand-in for the output of a layer, if a map's span begins with that layer. */
  Optional<String> output(int layer) {
    return Optional.ofNullable(outputs.get(layer));
  }

  /** Returns what a map makes of a value, which has the same shape, or the value itself. */
  String ofSameShape(String value) {
    return byInput.getOrDefault(value, value);
  }

  /** Nodes, map after map. */
  private static final class Builder {
    private final ResidualStream stream;
    private final Set<String> taken = new HashSet<>();
    private final ImmutableList.Builder<NodeProto> nodes = ImmutableList.builder();
    private final ImmutableList.Builder<TensorProto> weights = ImmutableList.builder();
    private final ImmutableMap.Builder<Integer, String> outputs = ImmutableMap.builder();
    private final ImmutableMap.Builder<String, String> byInput = ImmutableMap.builder();

    private Builder(ResidualStream stream) {
      this.stream = stream;
      var graph = stream.graph().proto().getGraph();
      graph.getInitializerList().forEach(weight -> taken.add(weight.getName()));
      graph.getNodeList().forEach(node -> taken.addAll(node.getOutputList()));
    }

    private void requireFitting(LinearPatch patch) {
      if (patch.width() != stream.hiddenSize()) {
        throw new IllegalArgumentException(
            patch
                + " does not fit the model, whose states have "
                + stream.hiddenSize()
                + " components; give a map of that width");
      }
    }

    private void add(LinearPatch patch) {
      String name = free();
      String weight = name + ".weight";
      String product = name + ".product";
      String input = stream.boundaries().get(patch.first());
      weights.add(tensor(weight, patch));
      boolean narrow = stream.hiddenType() != HiddenType.FLOAT;
      String wide = narrow ? name + ".wide" : input;
      String summand = narrow ? name + ".narrow" : product;
      if (narrow) {
        nodes.add(Nodes.cast(input, DataType.FLOAT_VALUE, wide));
      }
      nodes.add(StreamMaps.marked(Nodes.node("MatMul", List.of(wide, weight), product)));
      if (narrow) {
        nodes.add(Nodes.cast(product, stream.hiddenType().onnx(), summand));
      }
      nodes.add(Nodes.node("Add", List.of(input, summand), name));
      outputs.put(patch.first(), name);
      byInput.put(input, name);
    }

    /** A model may have maps from before. */
    private String free() {
      int number = 0;
      while (taken.contains(NAME + number) || taken.contains(NAME + number + ".weight")) {
        number++;
      }
      taken.add(NAME + number);
      return NAME + number;
    }

    private static TensorProto tensor(String name, LinearPatch patch) {
      float[] matrix = patch.matrix();
      ByteBuffer bytes =
          ByteBuffer.allocate(Float.BYTES * matrix.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(matrix);
      return TensorProto.newBuilder()
          .setName(name)
          .setDataType(DataType.FLOAT_VALUE)
          .addDims(patch.width())
          .addDims(patch.width())
          .setRawData(ByteString.copyFrom(bytes))
          .build();
    }

    private PatchNodes build() {
      return new PatchNodes(
          nodes.build(), weights.build(), outputs.buildOrThrow(), byInput.buildOrThrow());
    }
  }
}
