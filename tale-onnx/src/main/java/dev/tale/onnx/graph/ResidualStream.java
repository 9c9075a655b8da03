package dev.tale.onnx.graph;

import com.google.common.collect.ImmutableList;
import dev.tale.model.LayerInfo;
import java.util.BitSet;
import java.util.List;

/** The layers of a decoder, found by dataflow along its residual stream. Immutable. */
public final class ResidualStream {
  private final Dataflow flow;
  private final ImmutableList<String> boundaries;
  private final BitSet embedding;
  private final ImmutableList<Layer> layers;
  private final BitSet head;
  private final Format format;

  ResidualStream(
      Dataflow flow,
      ImmutableList<String> boundaries,
      BitSet embedding,
      ImmutableList<Layer> layers,
      BitSet head,
      Format format) {
    this.flow = flow;
    this.boundaries = boundaries;
    this.embedding = embedding;
    this.layers = layers;
    this.head = head;
    this.format = format;
  }

  /**
   * Finds the layers. Everything that is needed to gate or remove them is checked here.
   *
   * @throws dev.tale.model.UnsupportedModelException if the graph has no recognisable layers or one
   *     of them cannot be removed; the message names the node and the reason
   */
  public static ResidualStream find(OnnxGraph graph) {
    return new LayerFinder(graph).find();
  }

  /** Returns what is known of each layer, in order. */
  public List<LayerInfo> layers() {
    return layers.stream().map(Layer::info).toList();
  }

  /** Returns the number of layers, at least 1. */
  public int layerCount() {
    return layers.size();
  }

  /**
   * Returns the values between the layers: 0 is the embedding's output, i the input of layer i, and
   * the last one the output of the last layer.
   */
  public List<String> boundaries() {
    return boundaries;
  }

  /** Returns the width of the residual stream. */
  public int hiddenSize() {
    return format.hiddenSize();
  }

  /** Returns the element type of the residual stream. */
  public HiddenType hiddenType() {
    return format.hiddenType();
  }

  /** Returns the number of logits per position. */
  public int vocabularySize() {
    return format.vocabularySize();
  }

  /** Returns the name of the output that holds the logits. */
  public String logits() {
    return format.logits();
  }

  Dataflow flow() {
    return flow;
  }

  /** Returns the nodes of the embedding; not to be modified. */
  BitSet embedding() {
    return embedding;
  }

  Layer layer(int index) {
    return layers.get(index);
  }

  /** Returns the nodes of the head; not to be modified. */
  BitSet head() {
    return head;
  }

  /** What the stream and the logits look like. */
  record Format(int hiddenSize, HiddenType hiddenType, int vocabularySize, String logits) {}
}
