package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.layers.HiddenType;
import java.util.List;

/**
 * A graph that takes some places of a tensor of a key-value cache. A place is an index of all axes
 * up to those of batch and length: {@code (row * heads + head) * length + token} in a cache [batch,
 * heads, length, head size].
 */
public final class CacheSelection {
  /** Input: a cache. */
  public static final String CACHE = "cache";

  /** Input: the shape in which the cache is a list of places, int64 [2]: -1, width of a place. */
  public static final String FLAT = "flat";

  /** Input: places to take, int64 [places]. */
  public static final String PLACES = "places";

  /** Input: the shape of what is taken, int64 [rank of the cache]. */
  public static final String SHAPE = "shape";

  /** Output: what was taken. */
  public static final String SELECTED = "selected";

  private static final int IR_VERSION = 8;
  private static final int OPSET = 13;

  private CacheSelection() {}

  /** Returns the serialised model for caches of a type. */
  public static byte[] model(HiddenType type) {
    return ModelProto.newBuilder()
        .setIrVersion(IR_VERSION)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
        .setGraph(graph(type.onnx()))
        .build()
        .toByteArray();
  }

  private static GraphProto graph(int type) {
    return GraphProto.newBuilder()
        .setName("tale_cache_selection")
        .addInput(Nodes.declareType(CACHE, type))
        .addInput(Nodes.declareLoosely(FLAT, DataType.INT64_VALUE, 2))
        .addInput(Nodes.declareLoosely(PLACES, DataType.INT64_VALUE, -1))
        .addInput(Nodes.declareLoosely(SHAPE, DataType.INT64_VALUE, -1))
        .addOutput(Nodes.declareType(SELECTED, type))
        .addNode(Nodes.node("Reshape", List.of(CACHE, FLAT), "all"))
        .addNode(Nodes.node("Gather", List.of("all", PLACES), "taken", Nodes.integer("axis", 0)))
        .addNode(Nodes.node("Reshape", List.of("taken", SHAPE), SELECTED))
        .build();
  }
}
