package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;

/** The layers of a transformer, found by dataflow along its residual stream. Immutable. */
public final class ResidualStream {
  private final OnnxGraph graph;
  private final Dataflow flow;
  private final ImmutableSet<String> embedded;
  private final ImmutableList<String> boundaries;
  private final BitSet embedding;
  private final ImmutableList<Layer> layers;
  private final BitSet headNodes;
  private final BitSet rowReshapes;
  private final Format format;

  ResidualStream(
      OnnxGraph graph,
      Dataflow flow,
      ImmutableSet<String> embedded,
      ImmutableList<String> boundaries,
      BitSet embedding,
      ImmutableList<Layer> layers,
      BitSet headNodes,
      BitSet rowReshapes,
      Format format) {
    this.graph = graph;
    this.flow = flow;
    this.embedded = embedded;
    this.boundaries = boundaries;
    this.embedding = embedding;
    this.layers = layers;
    this.headNodes = headNodes;
    this.rowReshapes = rowReshapes;
    this.format = format;
  }

  /**
   * Finds the whole layers.
   *
   * @throws dev.tale.model.UnsupportedModelException as {@link #find(OnnxGraph, Granularity)} does
   */
  public static ResidualStream find(OnnxGraph graph) {
    return find(graph, Granularity.LAYER);
  }

  /**
   * Finds the layers, or their parts. Everything that is needed to gate or remove them is checked
   * here.
   *
   * @throws dev.tale.model.UnsupportedModelException if the graph has no recognisable layers, one
   *     of them cannot be removed, or parts are wanted of layers whose attention and feed-forward
   *     run in parallel; the message names the node and the reason
   */
  public static ResidualStream find(OnnxGraph graph, Granularity granularity) {
    OnnxGraph plain =
        CacheShapes.join(CastShapes.skip(CacheWidths.declare(FusedNorms.split(graph))));
    return new LayerFinder(plain, granularity).find();
  }

  /** The description of each layer, in order. */
  public List<LayerInfo> layers() {
    return layers.stream().map(Layer::info).toList();
  }

  /** The unit that one index of a mask removes. */
  public Granularity granularity() {
    return format.granularity();
  }

  /** Returns the number of layers, or of their parts; at least 1. */
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

  /** Returns the shortest type of float that the model computes with, weights included. */
  public HiddenType shortestType() {
    return format.shortestType();
  }

  /** Returns whether the model computes logits; an encoder's output is its hidden state. */
  public boolean hasHead() {
    return format.head() != HeadKind.NONE;
  }

  /** Returns the number of logits per position, 0 without a head. */
  public int vocabularySize() {
    return format.vocabularySize();
  }

  /** Returns the number of tokens that the embedding knows; empty if its matrix is not stored. */
  public OptionalLong embeddedTokens() {
    return TokenRows.of(this);
  }

  /** Returns the name of the output that holds the logits, or the hidden state of an encoder. */
  public String result() {
    return format.result();
  }

  /**
   * Returns whether a row's answer depends on the rows and the padding beside it: the graph
   * quantizes activations with one scale for the whole tensor, or mixes positions other than by
   * attention.
   */
  public boolean batchSensitive() {
    return format.batchSensitive();
  }

  /**
   * Returns whether the graph quantizes activations: a difference in a last bit may then move one
   * by a whole step.
   */
  public boolean quantizesActivations() {
    return graph.proto().getGraph().getNodeList().stream().anyMatch(ResidualStream::quantizes);
  }

  /**
   * MatMulNBits of accuracy level 4 computes in int8; ONNX Runtime makes it of products with
   * weights that are dequantized.
   */
  private static boolean quantizes(NodeProto node) {
    return node.getOpType().contains("QuantizeLinear")
        || node.getOpType().startsWith("QLinear")
        || node.getOpType().equals("DynamicQuantizeMatMul")
        || Attributes.find(node, "accuracy_level").filter(level -> level.getI() == 4).isPresent()
        || node.getOpType().equals("DequantizeLinear");
  }

  /**
   * Returns whether ONNX Runtime may compute the plain graph otherwise than behind gates, by more
   * than the last bits: it rewrites what is quantized or of 16 bits across the walls of branches.
   */
  public boolean mayBeRewritten() {
    return shortestType() != HiddenType.FLOAT || quantizesActivations();
  }

  public HeadKind head() {
    return format.head();
  }

  /** Returns the sizes that the model fixes for its inputs. */
  public InputSizes inputSizes() {
    return format.inputSizes();
  }

  /** Returns how the values between the layers are laid out. */
  public StreamLayout layout() {
    return format.layout();
  }

  /**
   * Returns the graph that the layers were found in: fused norms split, head sizes declared, shapes
   * taken before casts.
   */
  public OnnxGraph graph() {
    return graph;
  }

  public Dataflow flow() {
    return flow;
  }

  /** Returns the values in the embedding that have the shape of its output. */
  public ImmutableSet<String> embedded() {
    return embedded;
  }

  /** Returns the nodes of the embedding; not to be modified. */
  public BitSet embedding() {
    return embedding;
  }

  public Layer layer(int index) {
    return layers.get(index);
  }

  /** Returns the nodes of the head; not to be modified. */
  public BitSet headNodes() {
    return headNodes;
  }

  /** Returns the nodes of the head that only restore a shape; not to be modified. */
  public BitSet rowReshapes() {
    return rowReshapes;
  }

  /** What follows the last layer. */
  public enum HeadKind {
    /** Nothing. */
    NONE,
    /** Logits of each position by itself. */
    POSITION_WISE,
    /** Logits of all positions at once. */
    WHOLE
  }

  /** What the stream and the result look like. */
  record Format(
      Granularity granularity,
      InputSizes inputSizes,
      StreamLayout layout,
      int hiddenSize,
      HiddenType hiddenType,
      HiddenType shortestType,
      HeadKind head,
      int vocabularySize,
      String result,
      boolean batchSensitive) {}
}
