package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import java.util.List;
import java.util.stream.IntStream;

/** Whole models of a few nodes, with random weights that go by their names. */
public final class TinyModels {
  private static final String SIMPLIFIED = "SimplifiedLayerNormalization";

  private TinyModels() {}

  /** A decoder with a norm fused into every sum, named as onnxruntime-genai's builder does. */
  public static TinyGraphs fusedDecoder(int layers) {
    TinyGraphs graph = new TinyGraphs().random().embedding(stream(0));
    graph.norm(SIMPLIFIED, stream(0), normed(0), at(0, "input_layernorm"));
    for (int layer = 0; layer < layers; layer++) {
      boolean last = layer == layers - 1;
      graph
          .mixing(normed(layer), at(layer, "attn"))
          .weight(scale(layer, "post_attention_layernorm"), 8)
          .skipNorm(
              "Skip" + SIMPLIFIED,
              at(layer, "post_attention_layernorm/output_0"),
              middle(layer),
              stream(layer),
              at(layer, "attn.mixed"),
              scale(layer, "post_attention_layernorm"))
          .feeding(at(layer, "post_attention_layernorm/output_0"), at(layer, "mlp"))
          .weight(scale(layer + 1, "input_layernorm"), 8)
          .skipNorm(
              "Skip" + SIMPLIFIED,
              normed(layer + 1),
              last ? "" : stream(layer + 1),
              middle(layer),
              at(layer, "mlp.on"),
              scale(layer + 1, "input_layernorm"));
    }
    return graph.head(normed(layers));
  }

  /** The residual stream before a layer. */
  public static String stream(int layer) {
    return layer == 0 ? "/model/embed_tokens/output_0" : at(layer, "input_layernorm/output_3");
  }

  /** The residual stream between attention and feed-forward. */
  public static String middle(int layer) {
    return at(layer, "post_attention_layernorm/output_3");
  }

  /** The norm of {@link #stream}. */
  public static String normed(int layer) {
    return at(layer, "input_layernorm/output_0");
  }

  public static String at(int layer, String name) {
    return "/model/layers." + layer + "/" + name;
  }

  public static String scale(int layer, String norm) {
    return "model.layers." + layer + "." + norm + ".scale";
  }

  /** An encoder as BERT: a norm after every sum, and the last one makes the result. */
  public static TinyGraphs encoder(int layers, boolean decomposedNorms) {
    TinyGraphs graph = new TinyGraphs().random().embedding("e");
    norm(graph, decomposedNorms, "e", "x0", "embedding");
    IntStream.range(0, layers)
        .forEach(
            layer -> {
              String end = layer == layers - 1 ? "last_hidden_state" : "x" + (layer + 1);
              graph
                  .mixing("x" + layer, "a" + layer)
                  .node("Add", "a" + layer, "x" + layer, "a" + layer + ".mixed");
              norm(graph, decomposedNorms, "a" + layer, "m" + layer, "attention" + layer);
              graph
                  .feeding("m" + layer, "f" + layer)
                  .node("Add", "f" + layer, "m" + layer, "f" + layer + ".on");
              norm(graph, decomposedNorms, "f" + layer, end, "feed-forward" + layer);
            });
    return graph.hiddenState("last_hidden_state");
  }

  private static void norm(
      TinyGraphs graph, boolean decomposed, String from, String to, String name) {
    if (decomposed) {
      graph.decomposedNorm(from, to, name);
    } else {
      graph.norm("LayerNormalization", from, to, name);
    }
  }

  /**
   * A decoder of two layers that read the length of the sequence from the shape of the look-up, as
   * exporters do for masks.
   *
   * @param op what follows the look-up
   */
  public static TinyGraphs shapeOfTheLookUp(String op) {
    return layersWithPositions(lengthOfTheLookUp().node(op, "x", "e"));
  }

  /** The same, where the embedding reads it too, for its positions. */
  public static TinyGraphs positionsFromTheLookUp() {
    return layersWithPositions(
        lengthOfTheLookUp()
            .matrix("positions")
            .node("Gather", "position", "positions", "range")
            .node("Add", "x", "e", "position"));
  }

  private static TinyGraphs lengthOfTheLookUp() {
    return new TinyGraphs()
        .random()
        .embedding("e")
        .node("Shape", "shape", "e")
        .node(Nodes.constant("zero", TinyGraphs.number(0L)))
        .node(Nodes.constant("one", TinyGraphs.number(1L)))
        .node("Gather", "length", "shape", "one")
        .node("Range", "range", "zero", "length", "one");
  }

  private static TinyGraphs layersWithPositions(TinyGraphs graph) {
    graph
        .node(Nodes.cast("range", DataType.FLOAT_VALUE, "row"))
        .node(Nodes.longs("axis", 1))
        .node("Unsqueeze", "column", "row", "axis");
    for (String to : List.of("y", "z")) {
      String from = to.equals("y") ? "x" : "y";
      graph
          .mixing(from, to + ".mid")
          .node("Mul", to + ".masked", to + ".mid.mixed", "column")
          .node("Add", to + ".mid", from, to + ".masked")
          .feedForward(to + ".mid", to);
    }
    return graph.head("z");
  }
}
