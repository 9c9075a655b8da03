package dev.tale.onnx.gate;

import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.SmallConstants;
import java.util.HashSet;
import java.util.Set;

/**
 * The values that a runtime computes on the CPU because they come from shapes alone: what {@code
 * Shape} and {@code Size} make, and what is computed from such values, small constants and graph
 * inputs only. On CUDA such a value must not cross into a branch: the runtime would take the whole
 * branch's {@code If} for CPU work, and copy the hidden state forth and back at every layer. One
 * sweep in topological order.
 */
final class ShapeChains {
  private final ImmutableSet<String> values;

  private ShapeChains(ImmutableSet<String> values) {
    this.values = values;
  }

  static ShapeChains of(Dataflow flow, SmallConstants constants) {
    Set<String> values = new HashSet<>();
    for (int node = 0; node < flow.size(); node++) {
      Set<String> reads = flow.reads(node);
      boolean onlyNeutral =
          reads.stream()
              .allMatch(
                  value ->
                      values.contains(value) || flow.isInput(value) || constants.contains(value));
      if (flow.readsShapeOnly(node) || (onlyNeutral && reads.stream().anyMatch(values::contains))) {
        values.addAll(flow.outputs(node));
      }
    }
    return new ShapeChains(ImmutableSet.copyOf(values));
  }

  boolean contains(String value) {
    return values.contains(value);
  }
}
