package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * LLaMA 3.1 8B in float16, as the model builder of onnxruntime-genai writes it, but for its
 * weights: they are a sparse file, which takes no room on most disks: a mark each, then zeros.
 *
 * <p>Grown from the tiny model that the builder wrote: its second layer is repeated under other
 * numbers, and dimensions take their real sizes.
 */
public final class BigLlama {
  private static final int LAYERS = 32;

  /** So many layers are less than 2 GiB, which is all that one file can hold. */
  static final int LAYERS_IN_ONE_FILE = 4;

  private static final long HIDDEN = 4096;
  private static final long HEADS = 32;
  private static final long CACHED_HEADS = 8;
  private static final long HEAD_SIZE = 128;
  private static final long INTERMEDIATE = 14336;
  private static final long CONTEXT = 131072;
  private static final long VOCABULARY = 128256;

  private static final String TINY = "/models/families/llama31-genai-fp16/model.onnx";
  private static final int TINY_LAYERS = 4;
  private static final String DATA = "model.onnx.data";
  private static final Pattern NUMBER =
      Pattern.compile("((?:layers|past_key_values|present)\\.)(\\d+)");

  private final long vocabulary;
  private final int layers;
  private final GraphProto tiny;
  private final Map<String, Long> offsets = new LinkedHashMap<>();
  private long end;

  private BigLlama(long vocabulary, int layers, GraphProto tiny) {
    this.vocabulary = vocabulary;
    this.layers = layers;
    this.tiny = tiny;
  }

  /**
   * Writes the model, 16 GB that take 1 MB.
   *
   * @param directory an empty directory
   */
  public static void write(Path directory) throws IOException {
    write(directory, VOCABULARY);
  }

  static void write(Path directory, long vocabulary) throws IOException {
    ModelProto tiny = tiny();
    BigLlama big = new BigLlama(vocabulary, LAYERS, tiny.getGraph());
    ModelProto model = tiny.toBuilder().setGraph(big.graph()).build();
    Files.write(directory.resolve("model.onnx"), model.toByteArray());
    big.writeWeights(directory.resolve(DATA));
    big.writeConfig(directory);
  }

  /** Writes the model with fewer layers and tokens, 1.8 GB, in one file. */
  static void writeOneFile(Path directory) throws IOException {
    ModelProto tiny = tiny();
    BigLlama big = new BigLlama(1024, LAYERS_IN_ONE_FILE, tiny.getGraph());
    ModelProto model = tiny.toBuilder().setGraph(big.graph()).build();
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("model.onnx").toFile(), "rw")) {
      new SparseModel(file).write(model);
    }
    big.writeConfig(directory);
  }

  private static ModelProto tiny() throws IOException {
    try (InputStream file = BigLlama.class.getResourceAsStream(TINY)) {
      if (file == null) {
        throw new AssertionError(TINY + " is not on the class path");
      }
      return ModelProto.parseFrom(file);
    }
  }

  private void writeConfig(Path directory) throws IOException {
    Files.writeString(
        directory.resolve("config.json"),
        """
        {"model_type": "llama", "num_hidden_layers": %d, "max_position_embeddings": %d,
         "torch_dtype": "bfloat16"}
        """
            .formatted(layers, CONTEXT));
  }

  private void writeWeights(Path file) throws IOException {
    try (RandomAccessFile data = new RandomAccessFile(file.toFile(), "rw")) {
      data.setLength(end);
      for (Map.Entry<String, Long> weight : offsets.entrySet()) {
        data.seek(weight.getValue());
        data.writeInt(mark(weight.getKey()));
      }
    }
  }

  /** Returns what the bytes of the weight of that name begin with. */
  static int mark(String weight) {
    return weight.hashCode();
  }

  private GraphProto graph() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName(tiny.getName());
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : tiny.getNodeList()) {
      numbers(node.getName()).forEach(names -> nodes.add(grown(node, names)));
    }
    for (TensorProto weight : tiny.getInitializerList()) {
      numbers(weight.getName()).forEach(names -> graph.addInitializer(grown(weight, names)));
    }
    for (ValueInfoProto input : tiny.getInputList()) {
      numbers(input.getName()).forEach(names -> graph.addInput(grown(input, names)));
    }
    for (ValueInfoProto output : tiny.getOutputList()) {
      numbers(output.getName()).forEach(names -> graph.addOutput(grown(output, names)));
    }
    return graph.addAllNode(TopologicalOrder.of(nodes)).build();
  }

  /** Returns how layers are numbered in each copy of what has that name. */
  private Stream<IntUnaryOperator> numbers(String name) {
    Matcher number = NUMBER.matcher(name);
    int layer = number.find() ? Integer.parseInt(number.group(2)) : 0;
    if (layer == 0 || layer == TINY_LAYERS) {
      int more = layers - TINY_LAYERS;
      return Stream.of(old -> old >= TINY_LAYERS - 1 ? old + more : old);
    }
    return layer == 1
        ? IntStream.range(1, layers).mapToObj(copy -> old -> old + copy - 1)
        : Stream.of();
  }

  private static String renumbered(String name, IntUnaryOperator numbers) {
    return NUMBER
        .matcher(name)
        .replaceAll(found -> found.group(1) + numbers.applyAsInt(Integer.parseInt(found.group(2))));
  }

  private static NodeProto grown(NodeProto node, IntUnaryOperator numbers) {
    NodeProto.Builder grown =
        node.toBuilder().setName(renumbered(node.getName(), numbers)).clearInput().clearOutput();
    node.getInputList().forEach(input -> grown.addInput(renumbered(input, numbers)));
    node.getOutputList().forEach(output -> grown.addOutput(renumbered(output, numbers)));
    for (AttributeProto.Builder attribute : grown.getAttributeBuilderList()) {
      switch (attribute.getName()) {
        case "num_heads" -> attribute.setI(HEADS);
        case "kv_num_heads" -> attribute.setI(CACHED_HEADS);
        case "scale" -> attribute.setF((float) (1 / Math.sqrt(HEAD_SIZE)));
        default -> {}
      }
    }
    return grown.build();
  }

  private TensorProto grown(TensorProto weight, IntUnaryOperator numbers) {
    String name = renumbered(weight.getName(), numbers);
    List<Long> dims = dims(name);
    long length = TensorSize.elements(dims) * Short.BYTES;
    TensorProto.Builder grown = weight.toBuilder().setName(name).clearDims().addAllDims(dims);
    TensorProto placed = Relocation.at(grown.build(), DATA, end, length);
    offsets.put(name, end);
    end += length;
    return placed;
  }

  private List<Long> dims(String weight) {
    String kind = weight.replaceFirst(".*?([a-z_]+)(\\.MatMul)?(\\.weight)?$", "$1");
    return switch (kind) {
      case "embed_tokens" -> List.of(vocabulary, HIDDEN);
      case "lm_head" -> List.of(HIDDEN, vocabulary);
      case "qkv_proj" -> List.of(HIDDEN, (HEADS + 2 * CACHED_HEADS) * HEAD_SIZE);
      case "o_proj" -> List.of(HEADS * HEAD_SIZE, HIDDEN);
      case "gate_proj", "up_proj" -> List.of(HIDDEN, INTERMEDIATE);
      case "down_proj" -> List.of(INTERMEDIATE, HIDDEN);
      case "cos_cache", "sin_cache" -> List.of(CONTEXT, HEAD_SIZE / 2);
      case "input_layernorm", "post_attention_layernorm", "final_norm_layernorm" -> List.of(HIDDEN);
      default -> throw new AssertionError("unknown weight " + weight);
    };
  }

  private ValueInfoProto grown(ValueInfoProto value, IntUnaryOperator numbers) {
    ValueInfoProto.Builder grown = value.toBuilder().setName(renumbered(value.getName(), numbers));
    TensorShapeProto.Builder shape =
        grown.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    if (value.getName().equals("logits")) {
      shape.getDimBuilder(2).setDimValue(vocabulary);
    } else if (shape.getDimCount() == 4) {
      shape.getDimBuilder(1).setDimValue(CACHED_HEADS);
      shape.getDimBuilder(3).setDimValue(HEAD_SIZE);
    }
    return grown.build();
  }
}
