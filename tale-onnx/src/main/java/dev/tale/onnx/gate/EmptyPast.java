package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.ModelInputs;
import dev.tale.onnx.layers.ResidualStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Stands in for the key-value inputs: a cache of length 0 for as many sequences as there are, made
 * in the graph once per format.
 */
final class EmptyPast {
  private static final String BATCH = "tale.past.batch";

  private final List<NodeProto> nodes = new ArrayList<>();
  private final Map<CacheFormat, String> byFormat = new LinkedHashMap<>();
  private final Map<String, String> byInput = new HashMap<>();

  private EmptyPast() {}

  /** The stand-ins for every cache input. */
  static EmptyPast of(ResidualStream stream) {
    EmptyPast past = new EmptyPast();
    for (int layer = 0; layer < stream.layerCount(); layer++) {
      for (String input : stream.layer(layer).pastInputs()) {
        CacheFormat format = CacheFormat.of(stream, input);
        past.byInput.put(input, past.byFormat.computeIfAbsent(format, past::make));
      }
    }
    return past;
  }

  /** Returns nothing: the cache inputs are fed. */
  static EmptyPast none() {
    return new EmptyPast();
  }

  /** The stand-ins, by the input that is gone. */
  Map<String, String> byInput() {
    return byInput;
  }

  List<NodeProto> nodes() {
    return nodes;
  }

  private String make(CacheFormat format) {
    if (nodes.isEmpty()) {
      nodes.add(Nodes.node("Shape", List.of(ModelInputs.INPUT_IDS), BATCH + ".shape"));
      nodes.add(Nodes.longs(BATCH + ".axis", 0));
      nodes.add(
          Nodes.node(
              "Gather",
              List.of(BATCH + ".shape", BATCH + ".axis"),
              BATCH,
              Nodes.integer("axis", 0)));
    }
    String name = "tale.past." + byFormat.size();
    nodes.addAll(Nodes.shape(name + ".shape", format.shape(1, 0), format.batchAxis(), BATCH));
    nodes.add(
        Nodes.node(
            "ConstantOfShape",
            List.of(name + ".shape"),
            name,
            Nodes.tensor("value", zero(format))));
    return name;
  }

  private static TensorProto zero(CacheFormat format) {
    byte[] bytes = new byte[format.type().bytes()];
    return TensorProto.newBuilder()
        .setDataType(format.type().onnx())
        .addDims(1)
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }
}
