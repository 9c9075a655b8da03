package dev.tale.onnx.gate;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import dev.tale.model.LayerInfo;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Relocation;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.CacheLayout;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.layers.CachePorts;
import dev.tale.onnx.layers.HiddenType;
import dev.tale.onnx.layers.InputSizes;
import dev.tale.onnx.layers.ModelInputs;
import dev.tale.onnx.layers.ResidualStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model whose embedding, layers and head can each be switched off per run. Immutable.
 *
 * <p>Inputs, all to be fed in every run: {@link ModelInputs#INPUT_IDS} [batch, sequence] int64,
 * {@link ModelInputs#ATTENTION_MASK}, {@link ModelInputs#POSITION_IDS} and {@link
 * ModelInputs#TOKEN_TYPE_IDS} [batch, sequence] int64 where {@link #hasAttentionMask()}, {@link
 * #hasPositionIds()} and {@link #hasTokenTypeIds()} say so, {@link #HIDDEN} [batch, sequence,
 * hidden] (any shape [x, y, hidden], empty too, while the embedding is on), the gates {@link
 * #EMBEDDING_GATE}, {@link #layerGate}, {@link #HEAD_GATE}, {@link #POSITIONS} int64 [P], flat
 * indices into batch * sequence, and {@link #TOKENS} int64 [P, K], both empty while the head is
 * off.
 *
 * <p>Outputs: {@link #HIDDEN_OUT} [batch, sequence, hidden], the state wherever the run left,
 * {@link #LOGITS} [P, vocabulary] float32, {@link #LOG_PROBABILITIES} [P, K + 1] float32, {@link
 * #ARGMAX} [P] int64, the lowest index on ties; the last three are empty ([0, vocabulary], [0, 0],
 * [0]) while the head is off. Models without a head have less of both, see {@link #hasHead()}.
 */
public final class GatedGraph {
  /** Input: state at which to enter while the embedding is off. */
  public static final String HIDDEN = "tale.hidden";

  /** Input: gate of the embedding. */
  public static final String EMBEDDING_GATE = "tale.gate.embed";

  /** Input: gate of the head. */
  public static final String HEAD_GATE = "tale.gate.head";

  /** Input: positions, flat in batch * sequence, on which the head runs. */
  public static final String POSITIONS = "tale.positions";

  /** Input: tokens whose log-probabilities are wanted, by position. */
  public static final String TOKENS = "tale.tokens";

  /** Output: the residual stream after the last layer that was on. */
  public static final String HIDDEN_OUT = "tale.hidden_out";

  /** Output: logits at the positions. */
  public static final String LOGITS = "tale.logits";

  /** Output: log-probabilities of the tokens and of the most likely one, natural logarithm. */
  public static final String LOG_PROBABILITIES = "tale.log_probabilities";

  /** Output: most likely token at the positions. */
  public static final String ARGMAX = "tale.argmax";

  /** ONNX operators in their oldest version that has GatherElements and negative indices. */
  private static final int MIN_OPSET = 11;

  private final ResidualStream stream;
  private final ConditionForm form;
  private final Optional<CachePorts> caches;
  private final Supplier<Gated> gated;

  private GatedGraph(
      ResidualStream stream,
      ConditionForm form,
      Optional<CachePorts> caches,
      Supplier<Gated> gated) {
    this.stream = stream;
    this.form = form;
    this.caches = caches;
    this.gated = gated;
  }

  /**
   * Puts the embedding, every layer and the head behind gates.
   *
   * @throws dev.tale.model.UnsupportedModelException if the model has inputs or values that gating
   *     cannot serve, or external weights in more than one directory
   */
  public static GatedGraph of(ResidualStream stream, ConditionForm form) {
    Gated gated = gate(stream, form, Optional.empty());
    return new GatedGraph(stream, form, Optional.empty(), () -> gated);
  }

  /**
   * As {@link #of}, but with the key-value caches of the layers as inputs and outputs, if the model
   * has such and it is known how they go on: see {@link #cacheLayout}. The graph is made when it is
   * first asked for: many models are never run with caches.
   *
   * @throws dev.tale.model.UnsupportedModelException as {@link #of} does
   */
  public static GatedGraph withCaches(ResidualStream stream, ConditionForm form) {
    Optional<CachePorts> caches = CachePorts.find(stream);
    return new GatedGraph(
        stream, form, caches, Suppliers.memoize(() -> gate(stream, form, caches)));
  }

  private static Gated gate(
      ResidualStream stream, ConditionForm form, Optional<CachePorts> caches) {
    OnnxGraph graph = stream.graph();
    checkOpset(graph);
    Relocation relocation = Relocation.of(graph, graph.proto().getGraph().getInitializerList());
    GraphProto gated = Gating.apply(stream, form, caches, relocation::apply);
    ModelProto proto =
        graph.proto().toBuilder()
            .setIrVersion(Math.max(4, graph.proto().getIrVersion()))
            .clearMetadataProps()
            .clearTrainingInfo()
            .setGraph(gated)
            .build();
    return new Gated(proto, Optional.ofNullable(relocation.folder()));
  }

  private static void checkOpset(OnnxGraph graph) {
    for (OperatorSetIdProto opset : graph.proto().getOpsetImportList()) {
      boolean onnx = opset.getDomain().isEmpty() || opset.getDomain().equals("ai.onnx");
      if (onnx && opset.getVersion() < MIN_OPSET) {
        throw graph
            .source()
            .unsupported(
                "uses version "
                    + opset.getVersion()
                    + " of the ONNX operators; at least "
                    + MIN_OPSET
                    + " is needed. Export it with a newer opset");
      }
    }
  }

  /** Returns the input that gates a layer: {@code tale.gate.0} for the first. */
  public static String layerGate(int layer) {
    return "tale.gate." + layer;
  }

  /** Returns an input of which the shape alone counts: {@code tale.past.0} for the first. */
  public static String pastShape(int format) {
    return "tale.past." + format;
  }

  /** Returns the serialised model; a fresh array. External weights stay references. */
  public byte[] modelBytes() {
    return proto().toByteArray();
  }

  /**
   * Returns the directory that the model's external weights are relative to, if it has any: the
   * value of {@code session.model_external_initializers_file_folder_path}.
   */
  public Optional<Path> externalDataFolder() {
    return gated.get().externalDataFolder();
  }

  /** Returns how gates are fed. */
  public ConditionForm conditionForm() {
    return form;
  }

  /** The description of each layer, or part of a layer, in order. */
  public List<LayerInfo> layers() {
    return stream.layers();
  }

  /** Returns the number of layers, or of their parts; at least 1. */
  public int layerCount() {
    return stream.layerCount();
  }

  /** Returns the width of the residual stream. */
  public int hiddenSize() {
    return stream.hiddenSize();
  }

  /** Returns the element type of {@link #HIDDEN} and {@link #HIDDEN_OUT}. */
  public HiddenType hiddenType() {
    return stream.hiddenType();
  }

  /**
   * Returns whether there is a head. Without one there are neither {@link #HEAD_GATE}, {@link
   * #POSITIONS} and {@link #TOKENS} nor outputs but {@link #HIDDEN_OUT}, which is the model's
   * result when every layer that is to run has run.
   */
  public boolean hasHead() {
    return stream.hasHead();
  }

  /**
   * Returns whether a row's answer depends on the rows and the padding beside it. Such a model is
   * to be run one row at a time.
   */
  public boolean batchSensitive() {
    return stream.batchSensitive();
  }

  /** Returns the sizes that every run must have. */
  public InputSizes inputSizes() {
    return stream.inputSizes();
  }

  /** Returns the number of logits per position, 0 without a head. */
  public int vocabularySize() {
    return stream.vocabularySize();
  }

  /**
   * Returns how caches go on from run to run; empty if they are neither inputs nor outputs. With
   * caches, {@link ModelInputs#ATTENTION_MASK} is [batch, past + sequence]; every {@link
   * CachePort#past()} and {@link #pastShape} is to be fed in every run: what a run with the layer
   * on gave, or a cache of length 0 where the layer is off or nothing came before (where caches are
   * {@link CacheLayout#CONCATENATED}, one row stands for the same in all rows); and of each of the
   * {@link #cacheFormats()} a tensor of the shape that the caches of layers that are on have. Every
   * {@link CachePort#present()} is an output, of length 0 where the layer is off and the past was
   * empty.
   */
  public Optional<CacheLayout> cacheLayout() {
    return caches.map(CachePorts::layout);
  }

  /** Returns the caches of a layer, possibly none. */
  public List<CachePort> caches(int layer) {
    return caches.map(all -> all.of(layer)).orElse(ImmutableList.of());
  }

  /** Returns the formats of all caches; the position of one is that of its {@link #pastShape}. */
  public List<CacheFormat> cacheFormats() {
    return caches.map(all -> all.formats().asList()).orElse(ImmutableList.of());
  }

  /** Returns how many bytes the caches of all layers have for each token of a row. */
  public long cacheBytesPerToken() {
    return caches.stream()
        .flatMap(all -> all.all().stream())
        .mapToLong(port -> port.format().bytesPerToken())
        .sum();
  }

  /** Returns whether {@link ModelInputs#ATTENTION_MASK} is an input. */
  public boolean hasAttentionMask() {
    return stream.flow().isInput(ModelInputs.ATTENTION_MASK);
  }

  /** Returns whether {@link ModelInputs#POSITION_IDS} is an input. */
  public boolean hasPositionIds() {
    return stream.flow().isInput(ModelInputs.POSITION_IDS);
  }

  /** Returns whether {@link ModelInputs#TOKEN_TYPE_IDS} is an input; zeros mean a single text. */
  public boolean hasTokenTypeIds() {
    return stream.flow().isInput(ModelInputs.TOKEN_TYPE_IDS);
  }

  public ModelProto proto() {
    return gated.get().proto();
  }

  /** The model, and the directory of its external weights. */
  private record Gated(ModelProto proto, Optional<Path> externalDataFolder) {}
}
