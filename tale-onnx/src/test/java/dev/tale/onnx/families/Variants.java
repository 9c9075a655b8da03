package dev.tale.onnx.families;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Longs;
import com.google.protobuf.ByteString;
import dev.tale.onnx.folder.ModelDirectory;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fixtures as other exporters and quantizers would have written them, made from those there are.
 */
final class Variants {
  private static final int BLOCK = 16;
  private static final Pattern RESIDUAL_SUM = Pattern.compile("/model/layers\\.\\d+/Add(_1)?");
  private static final Map<String, Integer> READS = Map.of("MatMul", 1, "Gather", 0);
  private static final String CACHE = "past_key_values.";

  private Variants() {}

  /** Writes a fixture with another graph beside the original, where what is expected of it is. */
  static Fixture write(
      Fixture original, String suffix, String format, UnaryOperator<ModelProto> change)
      throws IOException {
    Path directory = original.directory().resolveSibling(original.name() + "-" + suffix);
    Path graph = ModelDirectory.open(original.directory()).graph().file();
    Files.createDirectories(directory);
    try (Stream<Path> files = Files.list(original.directory())) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.equals(graph)) {
          Files.copy(file, directory.resolve(file.getFileName()));
        }
      }
    }
    ModelProto model = change.apply(ModelProto.parseFrom(Files.readAllBytes(graph)));
    Files.write(directory.resolve("model.onnx"), model.toByteArray());
    return new Fixture(
        directory, original.family(), original.exporter(), format, "single", original.layers());
  }

  /** Weights of products and the embedding in 4 bits, dequantized by block. */
  static ModelProto fourBits(ModelProto model) {
    return weights(model, Variants::fourBits);
  }

  /** Weights of products and the embedding in 8 bits, dequantized with one scale. */
  static ModelProto eightBits(ModelProto model) {
    return weights(model, Variants::eightBits);
  }

  private static ModelProto weights(ModelProto model, Quantizer quantizer) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearNode();
    Map<String, TensorProto> weights = new HashMap<>();
    graph.getInitializerList().forEach(tensor -> weights.put(tensor.getName(), tensor));
    Map<String, String> quantized = new HashMap<>();
    for (NodeProto node : model.getGraph().getNodeList()) {
      int at = READS.getOrDefault(node.getOpType(), -1);
      TensorProto weight =
          at < 0
              ? TensorProto.getDefaultInstance()
              : weights.getOrDefault(node.getInput(at), TensorProto.getDefaultInstance());
      boolean matrix =
          weight.getDataType() == DataType.FLOAT_VALUE
              && weight.getDimsCount() == 2
              && weight.getDims(0) % BLOCK == 0;
      String to =
          matrix
              ? quantized.computeIfAbsent(
                  weight.getName(), name -> quantizer.add(graph, weight, name + ".dequantized"))
              : "";
      graph.addNode(to.isEmpty() ? node : node.toBuilder().setInput(at, to).build());
    }
    return model.toBuilder()
        .setIrVersion(10)
        .clearOpsetImport()
        .addAllOpsetImport(
            model.getOpsetImportList().stream()
                .map(
                    opset ->
                        opset.getDomain().isEmpty()
                            ? opset.toBuilder().setVersion(21).build()
                            : opset)
                .toList())
        .setGraph(graph.clearValueInfo())
        .build();
  }

  private static String fourBits(GraphProto.Builder graph, TensorProto weight, String output) {
    int rows = (int) weight.getDims(0);
    int columns = (int) weight.getDims(1);
    FloatBuffer values = floats(weight);
    float[] scales = new float[rows / BLOCK * columns];
    byte[] packed = new byte[rows * columns / 2];
    for (int i = 0; i < rows * columns; i++) {
      int block = i / columns / BLOCK * columns + i % columns;
      scales[block] = Math.max(scales[block], Math.abs(values.get(i)) / 7);
    }
    for (int i = 0; i < rows * columns; i++) {
      int block = i / columns / BLOCK * columns + i % columns;
      int value = Math.round(values.get(i) / scales[block]) & 15;
      packed[i / 2] |= (byte) (i % 2 == 0 ? value : value << 4);
    }
    graph.addInitializer(tensor(output + ".q", DataType.INT4_VALUE, packed, rows, columns));
    graph.addInitializer(floats(output + ".s", scales, rows / BLOCK, columns));
    graph.addNode(
        node("DequantizeLinear", output, output + ".q", output + ".s")
            .addAttribute(integer("axis", 0))
            .addAttribute(integer("block_size", BLOCK)));
    return output;
  }

  private static String eightBits(GraphProto.Builder graph, TensorProto weight, String output) {
    FloatBuffer values = floats(weight);
    float largest = 0;
    for (int i = 0; i < values.remaining(); i++) {
      largest = Math.max(largest, Math.abs(values.get(i)));
    }
    byte[] bytes = new byte[values.remaining()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(values.get(i) / largest * 127);
    }
    graph.addInitializer(
        tensor(output + ".q", DataType.INT8_VALUE, bytes, Longs.toArray(weight.getDimsList())));
    graph.addInitializer(floats(output + ".s", new float[] {largest / 127}));
    graph.addNode(node("DequantizeLinear", output, output + ".q", output + ".s"));
    return output;
  }

  /** The residual sums of a 16-bit model in float32, between casts. */
  static ModelProto sumsInFloat(ModelProto model) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearNode().clearValueInfo();
    for (NodeProto node : model.getGraph().getNodeList()) {
      if (RESIDUAL_SUM.matcher(node.getName()).matches()) {
        NodeProto.Builder sum = node.toBuilder().setOutput(0, node.getOutput(0) + ".float");
        for (int input = 0; input < 2; input++) {
          String wide = node.getOutput(0) + ".in" + input;
          graph.addNode(cast(node.getInput(input), wide, DataType.FLOAT_VALUE));
          sum.setInput(input, wide);
        }
        graph
            .addNode(sum)
            .addNode(cast(sum.getOutput(0), node.getOutput(0), DataType.FLOAT16_VALUE));
      } else {
        graph.addNode(node);
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  /**
   * Keys and values of a layer in one cache, past_0 and present_0 for the first.
   *
   * @param layout order of the axes: batch, heads, length, head size, and 2
   * @param backwards whether what comes out has the values first, and so does not go on
   */
  static ModelProto joined(ModelProto model, String layout, boolean backwards) {
    GraphProto original = model.getGraph();
    GraphProto.Builder graph = original.toBuilder().clearNode().clearInput().clearOutput();
    int two = layout.indexOf('2');
    String inner = layout.replace("2", "");
    graph.addInitializer(longs("tale.two", two));
    List<NodeProto> stacks = new ArrayList<>();
    Predicate<ValueInfoProto> isCache =
        value -> value.getName().startsWith(CACHE) || value.getName().startsWith("present.");
    original.getInputList().stream().filter(isCache.negate()).forEach(graph::addInput);
    original.getOutputList().stream().filter(isCache.negate()).forEach(graph::addOutput);
    for (ValueInfoProto input : original.getInputList()) {
      if (!input.getName().startsWith(CACHE) || !input.getName().endsWith(".key")) {
        continue;
      }
      String layer = input.getName().substring(CACHE.length()).replace(".key", "");
      graph.addInput(declared(input, "past_" + layer, layout));
      graph.addOutput(
          declared(output(original, "present." + layer + ".key"), "present_" + layer, layout));
      NodeProto.Builder stack =
          NodeProto.newBuilder().setOpType("Concat").addOutput("present_" + layer);
      for (String part : List.of("key", "value")) {
        String name = layer + "." + part;
        graph.addInitializer(longs("tale.place." + name, part.equals("key") ? 0 : 1).clearDims());
        graph.addNode(
            node("Gather", name + ".taken", "past_" + layer, "tale.place." + name)
                .addAttribute(integer("axis", two)));
        graph.addNode(transposed(name + ".taken", CACHE + name, inner, "bhld"));
        boolean other = backwards != part.equals("value");
        String back = layer + (other ? ".value" : ".key");
        stacks.add(transposed("present." + back, name + ".back", "bhld", inner).build());
        stacks.add(node("Unsqueeze", name + ".unit", name + ".back", "tale.two").build());
        stack.addInput(name + ".unit");
      }
      stacks.add(stack.addAttribute(integer("axis", two)).build());
    }
    graph.addAllNode(original.getNodeList()).addAllNode(stacks);
    return model.toBuilder().setGraph(graph.clearValueInfo()).build();
  }

  private static ValueInfoProto output(GraphProto graph, String name) {
    return graph.getOutputList().stream()
        .filter(output -> output.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static ValueInfoProto declared(ValueInfoProto plain, String name, String layout) {
    ValueInfoProto.Builder joined = plain.toBuilder().setName(name);
    TensorShapeProto shape = plain.getType().getTensorType().getShape();
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (int at = 0; at < layout.length(); at++) {
      char axis = layout.charAt(at);
      dims.addDim(
          axis == '2'
              ? Dimension.newBuilder().setDimValue(2).build()
              : shape.getDim("bhld".indexOf(axis)));
    }
    joined.getTypeBuilder().getTensorTypeBuilder().setShape(dims);
    return joined.build();
  }

  private static NodeProto.Builder transposed(String input, String output, String from, String to) {
    AttributeProto.Builder perm =
        AttributeProto.newBuilder().setName("perm").setType(AttributeProto.AttributeType.INTS);
    to.chars().forEach(axis -> perm.addInts(from.indexOf(axis)));
    return node("Transpose", output, input).addAttribute(perm);
  }

  private static NodeProto.Builder cast(String input, String output, int type) {
    return node("Cast", output, input).addAttribute(integer("to", type));
  }

  private static NodeProto.Builder node(String op, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .setName(output)
        .addOutput(output)
        .addAllInput(Arrays.asList(inputs));
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  private static FloatBuffer floats(TensorProto tensor) {
    return tensor
        .getRawData()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  private static TensorProto floats(String name, float[] values, long... dims) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(DataType.FLOAT_VALUE)
        .addAllDims(Longs.asList(dims))
        .addAllFloatData(Floats.asList(values))
        .build();
  }

  private static TensorProto.Builder longs(String name, long value) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(DataType.INT64_VALUE)
        .addDims(1)
        .addInt64Data(value);
  }

  private static TensorProto tensor(String name, int type, byte[] bytes, long... dims) {
    return TensorProto.newBuilder()
        .setName(name)
        .setDataType(type)
        .addAllDims(Longs.asList(dims))
        .setRawData(ByteString.copyFrom(bytes))
        .build();
  }

  /** Adds a weight and returns what it is dequantized to. */
  @FunctionalInterface
  private interface Quantizer {
    String add(GraphProto.Builder graph, TensorProto weight, String output);
  }
}
