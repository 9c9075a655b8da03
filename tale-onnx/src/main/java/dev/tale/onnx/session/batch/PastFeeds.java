package dev.tale.onnx.session.batch;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.runtime.Native;
import dev.tale.onnx.session.runtime.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The cache inputs of a run: what layers remember, and nothing for those that are off. Owns the
 * tensors without elements, and those of which only the shape is read.
 */
public final class PastFeeds implements AutoCloseable {
  private final GatedGraph graph;
  private final int rows;
  private final int length;
  private final List<Native<OnnxTensor>> owned = new ArrayList<>();

  public PastFeeds(GatedGraph graph, int rows, int length) {
    this.graph = graph;
    this.rows = rows;
    this.length = length;
  }

  public void feed(Map<String, OnnxTensor> inputs, KeyValues known) {
    Map<CacheFormat, OnnxTensor> shapes = new HashMap<>();
    Map<CacheFormat, OnnxTensor> empty = new HashMap<>();
    graph.cacheFormats().forEach(format -> empty.put(format, tensor(format, 0)));
    for (int layer = 0; layer < graph.layerCount(); layer++) {
      for (CachePort port : graph.caches(layer)) {
        OnnxTensor tensor = known.find(port);
        if (tensor != null) {
          shapes.putIfAbsent(port.format(), tensor);
        }
        inputs.put(port.past(), tensor == null ? empty.get(port.format()) : tensor);
      }
    }
    for (int format = 0; format < graph.cacheFormats().size(); format++) {
      CacheFormat each = graph.cacheFormats().get(format);
      inputs.put(
          GatedGraph.pastShape(format), shapes.computeIfAbsent(each, key -> tensor(key, length)));
    }
  }

  private OnnxTensor tensor(CacheFormat format, int tokens) {
    int bytes = Math.toIntExact(format.bytesPerToken() * rows * tokens);
    Native<OnnxTensor> tensor =
        Tensors.zeros(Tensors.javaType(format.type()), bytes, format.shape(rows, tokens));
    owned.add(tensor);
    return tensor.get();
  }

  @Override
  public void close() {
    owned.forEach(Native::close);
  }
}
