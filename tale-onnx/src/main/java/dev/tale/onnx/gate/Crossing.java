package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.layers.ModelInputs;
import dev.tale.onnx.layers.StreamLayout;
import java.util.List;

/**
 * The stream on its way through a gate: [batch, sequence, width] outside, inside as the nodes of
 * the model have it.
 *
 * @param layout inside
 * @param width of the stream
 */
record Crossing(StreamLayout layout, int width) {

  /** The nodes that are moved into the branch from now on read the stream in their layout. */
  void enter(Branch on, String stream) {
    if (isSame()) {
      return;
    }
    String entry = on.name("entry");
    if (layout.equals(StreamLayout.FLAT)) {
      on.add(Nodes.longs(entry + ".shape", -1, width))
          .add(Nodes.node("Reshape", List.of(stream, entry + ".shape"), entry));
    } else {
      on.add(swapped(stream, entry));
    }
    on.rename(stream, entry);
  }

  /** The outputs of the branch. */
  String leaving(Branch on) {
    return on.name(isSame() ? "out" : "exit");
  }

  /** Makes the branch's output of what the nodes have made. */
  void leave(Branch on) {
    if (isSame()) {
      return;
    }
    String exit = leaving(on);
    if (layout.equals(StreamLayout.FLAT)) {
      on.add(Nodes.node("Shape", List.of(ModelInputs.INPUT_IDS), exit + ".rows"))
          .add(Nodes.longs(exit + ".width", width))
          .add(
              Nodes.node(
                  "Concat",
                  List.of(exit + ".rows", exit + ".width"),
                  exit + ".shape",
                  Nodes.integer("axis", 0)))
          .add(Nodes.node("Reshape", List.of(exit, exit + ".shape"), on.name("out")));
    } else {
      on.add(swapped(exit, on.name("out")));
    }
  }

  private boolean isSame() {
    return layout.equals(StreamLayout.ROWS);
  }

  private static NodeProto swapped(String stream, String output) {
    return Nodes.node(
        "Transpose", List.of(stream), output, Nodes.integers("perm", List.of(1L, 0L, 2L)));
  }
}
