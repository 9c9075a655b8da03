package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.layers.StreamLayout;
import java.util.List;

/**
 * The head of a gated graph: before it, the rows of the chosen positions, or after it where it must
 * see all; then what is asked of their logits.
 *
 * @param whole whether the head runs on every position
 * @param crossing how the stream is laid out in the original, and its width
 * @param vocabularySize number of logits per position
 */
record Head(boolean whole, Crossing crossing, int vocabularySize) {

  /** Rows of the stream at the positions, as one sequence where it has three dimensions. */
  void select(Branch on) {
    if (whole) {
      crossing.enter(on, GatedGraph.HIDDEN_OUT);
      return;
    }
    on.add(Nodes.longs(on.name("flat"), -1, crossing.width()))
        .add(
            Nodes.node("Reshape", List.of(GatedGraph.HIDDEN_OUT, on.name("flat")), on.name("rows")))
        .add(
            Nodes.node(
                "Gather",
                List.of(on.name("rows"), GatedGraph.POSITIONS),
                on.name("chosen"),
                Nodes.integer("axis", 0)));
    if (crossing.layout().equals(StreamLayout.FLAT)) {
      on.rename(GatedGraph.HIDDEN_OUT, on.name("chosen"));
      return;
    }
    on.add(Nodes.longs(on.name("one"), 1, -1, crossing.width()))
        .add(Nodes.node("Reshape", List.of(on.name("chosen"), on.name("one")), on.name("hidden")));
    on.rename(GatedGraph.HIDDEN_OUT, on.name("hidden"));
  }

  /** Rows of the logits at the positions. */
  private String chosen(Branch on) {
    on.add(Nodes.longs(on.name("table"), -1, vocabularySize));
    if (!whole) {
      return on.name("logits");
    }
    on.add(
            Nodes.node(
                "Reshape", List.of(on.name("logits"), on.name("table")), on.name("all.logits")))
        .add(
            Nodes.node(
                "Gather",
                List.of(on.name("all.logits"), GatedGraph.POSITIONS),
                on.name("chosen.logits"),
                Nodes.integer("axis", 0)));
    return on.name("chosen.logits");
  }

  /**
   * Logits in float32, log-probabilities of the wanted tokens and, last, of the most likely one,
   * and the most likely token.
   */
  GraphProto reduce(Branch on) {
    String logits = on.name("out.logits");
    on.add(Nodes.cast(chosen(on), DataType.FLOAT_VALUE, on.name("float")))
        .add(Nodes.node("Reshape", List.of(on.name("float"), on.name("table")), logits))
        .add(Nodes.node("LogSoftmax", List.of(logits), on.name("log"), Nodes.integer("axis", 1)))
        .add(
            Nodes.node(
                "ArgMax",
                List.of(logits),
                on.name("top"),
                Nodes.integer("axis", 1),
                Nodes.integer("keepdims", 1)))
        .add(
            Nodes.node(
                "Concat",
                List.of(GatedGraph.TOKENS, on.name("top")),
                on.name("wanted"),
                Nodes.integer("axis", 1)))
        .add(
            Nodes.node(
                "GatherElements",
                List.of(on.name("log"), on.name("wanted")),
                on.name("out.wanted"),
                Nodes.integer("axis", 1)))
        .add(
            Nodes.node(
                "ArgMax",
                List.of(logits),
                on.name("out.argmax"),
                Nodes.integer("axis", 1),
                Nodes.integer("keepdims", 0)));
    return on.build(
        outputs(logits, on.name("out.wanted"), on.name("out.argmax"), vocabularySize)
            .toArray(ValueInfoProto[]::new));
  }

  /** The head when it is off: nothing, in the right types. */
  GraphProto off(Branch off) {
    off.add(
            Nodes.empty(
                off.name("logits"), DataType.FLOAT_VALUE, List.of(0L, (long) vocabularySize)))
        .add(Nodes.empty(off.name("wanted"), DataType.FLOAT_VALUE, List.of(0L, 0L)))
        .add(Nodes.empty(off.name("argmax"), DataType.INT64_VALUE, List.of(0L)));
    return off.build(
        outputs(off.name("logits"), off.name("wanted"), off.name("argmax"), vocabularySize)
            .toArray(ValueInfoProto[]::new));
  }

  static List<ValueInfoProto> outputs(
      String logits, String wanted, String argmax, int vocabularySize) {
    return List.of(
        Nodes.declareLoosely(logits, DataType.FLOAT_VALUE, -1, vocabularySize),
        Nodes.declareLoosely(wanted, DataType.FLOAT_VALUE, -1, -1),
        Nodes.declareLoosely(argmax, DataType.INT64_VALUE, -1));
  }
}
