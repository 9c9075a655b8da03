package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;

/** A graph that takes some rows, and some of their tokens, of a tensor of a key-value cache. */
public final class CacheSelection {
  /** Input: a cache [batch, heads, length, head size]. */
  public static final String CACHE = "cache";

  /** Input: rows to take, int64 [rows]. */
  public static final String ROWS = "rows";

  /** Input: the first token to take, int64 [1]. */
  public static final String FROM = "from";

  /** Input: the token after the last to take, int64 [1]. */
  public static final String TO = "to";

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
        .addInput(Nodes.declareLoosely(CACHE, type, -1, -1, -1, -1))
        .addInput(Nodes.declareLoosely(ROWS, DataType.INT64_VALUE, -1))
        .addInput(Nodes.declareLoosely(FROM, DataType.INT64_VALUE, 1))
        .addInput(Nodes.declareLoosely(TO, DataType.INT64_VALUE, 1))
        .addOutput(Nodes.declareLoosely(SELECTED, type, -1, -1, -1, -1))
        .addNode(Nodes.longs("axis", 2))
        .addNode(Nodes.node("Gather", List.of(CACHE, ROWS), "taken", Nodes.integer("axis", 0)))
        .addNode(Nodes.node("Slice", List.of("taken", FROM, TO, "axis"), SELECTED))
        .build();
  }
}
