package dev.tale.onnx.checkpoint;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT_VALUE;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT32_VALUE;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT64_VALUE;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Floats;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.checkpoint.Architecture.Bias;
import dev.tale.onnx.checkpoint.Architecture.Trait;
import dev.tale.onnx.graph.Nodes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ONNX graph of a checkpoint, over the bytes of its own files: every weight is external data at
 * the place where it lies, so nothing is read or copied.
 *
 * <p>Implementation note. Hugging Face stores a product's weights as [out, in]: {@code FusedMatMul}
 * with {@code transB} uses them as they lie. Attention is {@code GroupQueryAttention} with rotary
 * positions inside, norms are {@code SimplifiedLayerNormalization}, as in the graphs of ONNX
 * Runtime's own model builder. The tables of cosines and sines are computed by the graph from their
 * frequencies, in float32 as in transformers, so that they take no place in it; the runtime folds
 * them when it loads. Weights of 16 bits are cast to float32 likewise.
 */
final class DecoderGraph {
  private static final String MICROSOFT = "com.microsoft";
  private static final int OPSET = 17;
  private static final int IR_VERSION = 8;

  private final Architecture of;
  private final CheckpointWeights weights;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("checkpoint");
  private final Map<String, TensorProto> initializers = new LinkedHashMap<>();

  private DecoderGraph(Architecture of, CheckpointWeights weights) {
    this.of = of;
    this.weights = weights;
  }

  /**
   * Builds the graph.
   *
   * @param metadata texts that become the model's metadata
   * @throws dev.tale.model.UnsupportedModelException if a weight is of another type than float
   * @throws ModelFormatException if a weight is missing, of another shape, or not the
   *     architecture's
   */
  static ModelProto build(Architecture of, CheckpointWeights weights, Map<String, String> metadata)
      throws ModelFormatException {
    DecoderGraph graph = new DecoderGraph(of, weights);
    graph.build();
    weights.requireAllAsked();
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(IR_VERSION)
            .setProducerName("tale")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1));
    metadata.forEach((key, value) -> model.addMetadataProps(Nodes.entry(key, value)));
    return model.setGraph(graph.graph.addAllInitializer(graph.initializers.values())).build();
  }

  private void build() throws ModelFormatException {
    graph.addInput(Nodes.declare("input_ids", INT64_VALUE, "batch_size", "sequence_length"));
    graph.addInput(
        Nodes.declare("attention_mask", INT64_VALUE, "batch_size", "total_sequence_length"));
    graph.addOutput(
        Nodes.declare(
            "logits", FLOAT_VALUE, "batch_size", "sequence_length", (long) of.vocabulary()));
    lengths();
    rotations();
    String embedding = weight("model.embed_tokens.weight", of.vocabulary(), of.hidden());
    String stream =
        scaled(
            "/model/embed_tokens/",
            node("Gather", "/model/embed_tokens/Gather", embedding, "input_ids"),
            of.scales().embedding());
    for (int layer = 0; layer < of.layers().size(); layer++) {
      stream = layer(layer, stream);
    }
    String last = norm("/model/norm", stream, "model.norm.weight", of.hidden());
    String head = of.tied() ? embedding : weight("lm_head.weight", of.vocabulary(), of.hidden());
    product("logits", last, head, 1 / of.scales().logits());
  }

  private String scaled(String at, String value, float factor) {
    if (factor == 1) {
      return value;
    }
    scalar(at + "factor", factor);
    return node("Mul", at + "Scaled", value, at + "factor");
  }

  /** Tokens of each sequence but one, and the length of all, from the mask. */
  private void lengths() {
    String at = "/model/attn_mask/";
    integers(at + "one", 1);
    String sum =
        node(
            "ReduceSum",
            at + "ReduceSum",
            List.of("attention_mask", at + "one"),
            Nodes.integer("keepdims", 1));
    String last = node("Sub", at + "Sub", sum, at + "one");
    node("Cast", at + "seqlens", List.of(last), Nodes.integer("to", INT32_VALUE));
    String shape = node("Shape", at + "Shape", "attention_mask");
    initializers.put(
        at + "axis",
        TensorProto.newBuilder()
            .setName(at + "axis")
            .setDataType(INT64_VALUE)
            .addInt64Data(1)
            .build());
    String total = node("Gather", at + "Gather", shape, at + "axis");
    node("Cast", at + "total", List.of(total), Nodes.integer("to", INT32_VALUE));
  }

  private void rotations() {
    if (of.layers().stream().noneMatch(Architecture.Layer::rotary)) {
      return;
    }
    String at = "/model/rotary/";
    scalar(at + "zero", 0);
    scalar(at + "one", 1);
    scalar(at + "positions", of.positions());
    integers(at + "axis", 1);
    float[] frequencies = of.rope().frequencies(of.headSize());
    initializers.put(
        at + "frequencies",
        TensorProto.newBuilder()
            .setName(at + "frequencies")
            .setDataType(FLOAT_VALUE)
            .addDims(1)
            .addDims(frequencies.length)
            .addAllFloatData(Floats.asList(frequencies))
            .build());
    String range = node("Range", at + "Range", at + "zero", at + "positions", at + "one");
    String column = node("Unsqueeze", at + "Unsqueeze", range, at + "axis");
    String angles = node("Mul", at + "Mul", column, at + "frequencies");
    node("Cos", "cos_cache", angles);
    node("Sin", "sin_cache", angles);
  }

  private String layer(int layer, String stream) throws ModelFormatException {
    String from = "model.layers." + layer + ".";
    String at = "/model/layers." + layer + "/";
    boolean behind = of.traits().contains(Trait.NORMS_BEHIND);
    String before = behind ? stream : norm(at, stream, from, "input_layernorm");
    String attention = attention(layer, before);
    String attended = behind ? norm(at, attention, from, "post_attention_layernorm") : attention;
    String middle = added(at + "attn/", stream, attended);
    String between = behind ? middle : norm(at, middle, from, "post_attention_layernorm");
    String feedForward = feedForward(at + "mlp/", from + "mlp.", between);
    String fed = behind ? norm(at, feedForward, from, "post_feedforward_layernorm") : feedForward;
    return added(at + "mlp/", middle, fed);
  }

  private String added(String at, String stream, String part) {
    return node("Add", at + "Add", stream, scaled(at, part, of.scales().residual()));
  }

  private String norm(String at, String input, String from, String name)
      throws ModelFormatException {
    return norm(at + name, input, from + name + ".weight", of.hidden());
  }

  private String attention(int layer, String input) throws ModelFormatException {
    String from = "model.layers." + layer + ".self_attn.";
    String at = "/model/layers." + layer + "/attn/";
    int queries = of.heads() * of.headSize();
    int keys = of.groups() * of.headSize();
    List<String> parts = projections(at, from, input, queries, keys);
    String query = parts.get(0);
    String key = parts.get(1);
    if (of.traits().contains(Trait.HEAD_NORMS)) {
      query = headNorm(at + "q_norm", query, from + "q_norm.weight", of.heads());
      key = headNorm(at + "k_norm", key, from + "k_norm.weight", of.groups());
    } else if (of.traits().contains(Trait.NORMS_BEHIND)) {
      query = norm(at + "q_norm", query, from + "q_norm.weight", queries);
      key = norm(at + "k_norm", key, from + "k_norm.weight", keys);
    }
    String attended = groupQueryAttention(layer, query, key, parts.get(2));
    return linear(
        at + "o_proj", attended, from + "o_proj", of.hidden(), queries, Bias.ATTENTION_OUTPUT);
  }

  /** Queries, keys and values. */
  private List<String> projections(String at, String from, String input, int queries, int keys)
      throws ModelFormatException {
    Bias bias = Bias.QUERY_KEY_VALUE;
    if (of.traits().contains(Trait.PACKED_WEIGHTS)) {
      String packed =
          linear(at + "qkv_proj", input, from + "qkv_proj", queries + 2 * keys, of.hidden(), bias);
      return split(at + "qkv_proj/", packed, queries, keys, keys);
    }
    return List.of(
        linear(at + "q_proj", input, from + "q_proj", queries, of.hidden(), bias),
        linear(at + "k_proj", input, from + "k_proj", keys, of.hidden(), bias),
        linear(at + "v_proj", input, from + "v_proj", keys, of.hidden(), bias));
  }

  /** Parts of a value along its last axis, of so many components each. */
  private List<String> split(String at, String value, long... sizes) {
    integers(at + "sizes", sizes);
    List<String> parts =
        IntStream.range(0, sizes.length).mapToObj(part -> at + "Split/" + part).toList();
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Split")
            .setName(at + "Split")
            .addInput(value)
            .addInput(at + "sizes")
            .addAllOutput(parts)
            .addAttribute(Nodes.integer("axis", -1)));
    return parts;
  }

  private String groupQueryAttention(int layer, String query, String key, String value) {
    Architecture.Layer settings = of.layers().get(layer);
    String past = "past_key_values." + layer;
    String present = "present." + layer;
    graph.addAllInput(cache(past, "past_sequence_length"));
    graph.addAllOutput(cache(present, "total_sequence_length"));
    String output = "/model/layers." + layer + "/attn/GroupQueryAttention/output";
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType("GroupQueryAttention")
            .setDomain(MICROSOFT)
            .setName("/model/layers." + layer + "/attn/GroupQueryAttention")
            .addAllInput(List.of(query, key, value, past + ".key", past + ".value"))
            .addAllInput(List.of("/model/attn_mask/seqlens", "/model/attn_mask/total"))
            .addAllOutput(List.of(output, present + ".key", present + ".value"))
            .addAttribute(Nodes.integer("num_heads", of.heads()))
            .addAttribute(Nodes.integer("kv_num_heads", of.groups()))
            .addAttribute(Nodes.integer("do_rotary", settings.rotary() ? 1 : 0));
    if (settings.rotary()) {
      node.addInput("cos_cache").addInput("sin_cache");
    }
    if (of.scales().attention() > 0) {
      node.addAttribute(Nodes.number("scale", of.scales().attention()));
    }
    if (settings.window() > 0) {
      node.addAttribute(Nodes.integer("local_window_size", settings.window()));
    }
    graph.addNode(node);
    return output;
  }

  /** Keys and values of a layer, of so many tokens. */
  private List<ValueInfoProto> cache(String name, String length) {
    return Stream.of(name + ".key", name + ".value")
        .map(
            part ->
                Nodes.declare(
                    part,
                    FLOAT_VALUE,
                    "batch_size",
                    (long) of.groups(),
                    length,
                    (long) of.headSize()))
        .toList();
  }

  private String feedForward(String at, String from, String input) throws ModelFormatException {
    int inside = of.feedForward();
    Bias bias = Bias.FEED_FORWARD;
    List<String> parts = gateAndUp(at, from, input, inside);
    String gate = parts.get(0);
    String up = parts.get(1);
    String sigmoid = node("Sigmoid", at + "act_fn/Sigmoid", gate);
    String activated = node("Mul", at + "act_fn/Mul", gate, sigmoid);
    String gated = node("Mul", at + "Mul", activated, up);
    return linear(at + "down_proj", gated, from + "down_proj", of.hidden(), inside, bias);
  }

  private List<String> gateAndUp(String at, String from, String input, int inside)
      throws ModelFormatException {
    Bias bias = Bias.FEED_FORWARD;
    if (of.traits().contains(Trait.PACKED_WEIGHTS)) {
      String packed =
          linear(at + "gate_up_proj", input, from + "gate_up_proj", 2 * inside, of.hidden(), bias);
      return split(at + "gate_up_proj/", packed, inside, inside);
    }
    return List.of(
        linear(at + "gate_proj", input, from + "gate_proj", inside, of.hidden(), bias),
        linear(at + "up_proj", input, from + "up_proj", inside, of.hidden(), bias));
  }

  private String linear(String at, String input, String from, int out, int in, Bias bias)
      throws ModelFormatException {
    String product = product(at + "/MatMul", input, weight(from + ".weight", out, in), 1);
    return of.biases().contains(bias)
        ? node("Add", at + "/Add", product, weight(from + ".bias", out))
        : product;
  }

  /** A product with weights as Hugging Face stores them, times a factor. */
  private String product(String at, String input, String weights, float factor) {
    NodeProto.Builder node =
        Nodes.node("FusedMatMul", List.of(input, weights), at, Nodes.integer("transB", 1))
            .toBuilder()
            .setDomain(MICROSOFT);
    if (factor != 1) {
      node.addAttribute(Nodes.number("alpha", factor));
    }
    graph.addNode(node);
    return at;
  }

  private String norm(String at, String input, String weight, int size)
      throws ModelFormatException {
    return node(
        "SimplifiedLayerNormalization",
        at,
        List.of(input, weight(weight, size)),
        Nodes.number("epsilon", of.epsilon()),
        Nodes.integer("axis", -1));
  }

  private String headNorm(String at, String input, String weight, int heads)
      throws ModelFormatException {
    integers("/model/shape.heads." + heads, 0, 0, heads, of.headSize());
    integers("/model/shape.joined." + heads, 0, 0, (long) heads * of.headSize());
    String apart = node("Reshape", at + "/Reshape", input, "/model/shape.heads." + heads);
    String normed = norm(at + "/Norm", apart, weight, of.headSize());
    return node("Reshape", at + "/Joined", normed, "/model/shape.joined." + heads);
  }

  /** Adds a weight, cast to float32 if it has 16 bits, once. */
  private String weight(String name, long... shape) throws ModelFormatException {
    StoredTensor stored = weights.get(name, shape);
    ElementType type = weights.type(stored);
    if (initializers.putIfAbsent(name, stored.external(type)) == null && type != ElementType.F32) {
      node("Cast", name + ".float", List.of(name), Nodes.integer("to", FLOAT_VALUE));
    }
    return type == ElementType.F32 ? name : name + ".float";
  }

  private void integers(String name, long... values) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(INT64_VALUE).addDims(values.length);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    initializers.put(name, tensor.build());
  }

  private void scalar(String name, float value) {
    initializers.put(
        name,
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(FLOAT_VALUE)
            .addFloatData(value)
            .build());
  }

  private String node(String op, String output, String... inputs) {
    return node(op, output, ImmutableList.copyOf(inputs));
  }

  private String node(String op, String output, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(Nodes.node(op, inputs, output, attributes));
    return output;
  }
}
