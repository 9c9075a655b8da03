package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxTensor;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CachePort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys and values that the layers so far have of one batch: those of the last run, and those
 * that were known before. Masks that share their first layers share what these remember, so a part
 * is freed when the last one that builds on it is closed.
 */
public final class KeyValues implements AutoCloseable {
  private final @Nullable KeyValues before;
  private final Map<CachePort, Native<OnnxTensor>> tensors;
  private int holders = 1;

  private KeyValues(@Nullable KeyValues before, Map<CachePort, Native<OnnxTensor>> tensors) {
    this.before = before;
    this.tensors = tensors;
  }

  /** The state before anything has run. */
  public static KeyValues none() {
    return of(Map.of());
  }

  /** Takes tensors that do not build on others. */
  public static KeyValues of(Map<CachePort, Native<OnnxTensor>> tensors) {
    return new KeyValues(null, tensors);
  }

  /** Returns this and more, whose tensors it takes; both are to be closed. */
  public KeyValues and(Map<CachePort, Native<OnnxTensor>> more) {
    holders++;
    return new KeyValues(this, more);
  }

  /** Returns the caches of some layers of a graph. */
  public static List<CachePort> ports(GatedGraph graph, List<Integer> layers) {
    return layers.stream().flatMap(layer -> graph.caches(layer).stream()).toList();
  }

  /** Takes what a run gave for some caches. */
  public static Map<CachePort, Native<OnnxTensor>> take(Outputs outputs, List<CachePort> ports) {
    Map<CachePort, Native<OnnxTensor>> taken = new HashMap<>();
    ports.forEach(port -> taken.put(port, outputs.take(port.present())));
    return taken;
  }

  /** Returns a tensor of a layer that has run. */
  OnnxTensor get(CachePort port) {
    OnnxTensor tensor = find(port);
    if (tensor == null) {
      throw new IllegalStateException("Nothing is known of " + port.present());
    }
    return tensor;
  }

  /** Returns a tensor, or null if the layer has not run. */
  public @Nullable OnnxTensor find(CachePort port) {
    Native<OnnxTensor> tensor = tensors.get(port);
    if (tensor != null) {
      return tensor.get();
    }
    return before == null ? null : before.find(port);
  }

  /** Puts the tensors where a run takes what came before from; not those of earlier runs. */
  public void feed(Map<String, OnnxTensor> inputs) {
    tensors.forEach((port, tensor) -> inputs.put(port.past(), tensor.get()));
  }

  /** Gives up one hold; to be called once by whoever made it. */
  @Override
  public void close() {
    holders--;
    if (holders == 0) {
      tensors.values().forEach(Native::close);
      if (before != null) {
        before.close();
      }
    }
  }
}
