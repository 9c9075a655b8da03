package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Graphs of a few nodes, written by hand. */
public final class TinyGraphs {
  /** What a clone without Git LFS has in place of a large file. */
  public static final String GIT_LFS_POINTER =
      """
      version https://git-lfs.github.com/spec/v1
      oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
      size 12345678
      """;

  private static final int WIDTH = 8;
  private static final float EPSILON = 1e-5f;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");
  private boolean random;

  /** From now on weights are random, the same for the same name; zeros otherwise. */
  public TinyGraphs random() {
    random = true;
    return this;
  }

  public TinyGraphs input(String name, int type, Object... dims) {
    graph.addInput(Nodes.declare(name, type, dims));
    return this;
  }

  public TinyGraphs ids() {
    return input("input_ids", DataType.INT64_VALUE, "batch", "sequence");
  }

  public TinyGraphs logits() {
    graph.addOutput(Nodes.declare("logits", DataType.FLOAT_VALUE, "batch", "sequence", WIDTH));
    return this;
  }

  public TinyGraphs hiddenState(String name) {
    return output(Nodes.declare(name, DataType.FLOAT_VALUE, "batch", "sequence", WIDTH));
  }

  /** Declares a value between nodes. */
  public TinyGraphs value(ValueInfoProto value) {
    graph.addValueInfo(value);
    return this;
  }

  public TinyGraphs output(ValueInfoProto output) {
    graph.addOutput(output);
    return this;
  }

  /** Adds a square matrix. */
  public TinyGraphs matrix(String name) {
    return weight(name, WIDTH, WIDTH);
  }

  public TinyGraphs weight(String name, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
    long size = 1;
    for (long dim : dims) {
      tensor.addDims(dim);
      size *= dim;
    }
    graph.addInitializer(tensor.setRawData(elements(name, (int) size)));
    return this;
  }

  private ByteString elements(String name, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    Random values = new Random(name.hashCode());
    for (int i = 0; random && i < size; i++) {
      bytes.putFloat((float) values.nextGaussian());
    }
    return ByteString.copyFrom(bytes.clear());
  }

  public TinyGraphs node(String op, String output, String... inputs) {
    graph.addNode(Nodes.node(op, List.of(inputs), output));
    return this;
  }

  public TinyGraphs node(NodeProto node) {
    graph.addNode(node);
    return this;
  }

  /** Adds x + attention(x) + feed-forward of it, from {@code from} to {@code to}. */
  public TinyGraphs layer(String from, String to) {
    return attention(from, to + ".mid").feedForward(to + ".mid", to);
  }

  public TinyGraphs attention(String from, String to) {
    return mixing(from, to).node("Add", to, from, to + ".mixed");
  }

  /** Adds what attention computes, {@code to.mixed}. */
  public TinyGraphs mixing(String from, String to) {
    return matrix(weightName(to, "w"))
        .node("MatMul", to + ".q", from, weightName(to, "w"))
        .node(Nodes.node("Transpose", List.of(from), to + ".t", integers("perm", 0L, 2L, 1L)))
        .node("MatMul", to + ".scores", to + ".q", to + ".t")
        .node("Softmax", to + ".p", to + ".scores")
        .node("MatMul", to + ".mixed", to + ".p", from);
  }

  public TinyGraphs feedForward(String from, String to) {
    return feeding(from, to).node("Add", to, from, to + ".on");
  }

  /** Adds what a feed-forward network computes, {@code to.on}. */
  public TinyGraphs feeding(String from, String to) {
    return matrix(weightName(to, "w"))
        .node("MatMul", to + ".up", from, weightName(to, "w"))
        .node("Sigmoid", to + ".on", to + ".up");
  }

  /** Adds a norm of one operator. */
  public TinyGraphs norm(String op, String from, String to, String name) {
    String scale = weightName(name, "scale");
    return weight(scale, WIDTH)
        .node(Nodes.node(op, List.of(from, scale), to, Nodes.number("epsilon", EPSILON)));
  }

  /** Adds LayerNormalization as exporters write it for old opsets. */
  TinyGraphs decomposedNorm(String from, String to, String name) {
    return weight(weightName(name, "scale"), WIDTH)
        .node(Nodes.constant(to + ".two", number(2)))
        .node(Nodes.constant(to + ".epsilon", number(EPSILON)))
        .node(Nodes.node("ReduceMean", List.of(from), to + ".mean", integers("axes", -1L)))
        .node("Sub", to + ".centred", from, to + ".mean")
        .node("Pow", to + ".square", to + ".centred", to + ".two")
        .node(
            Nodes.node(
                "ReduceMean", List.of(to + ".square"), to + ".variance", integers("axes", -1L)))
        .node("Add", to + ".positive", to + ".variance", to + ".epsilon")
        .node("Sqrt", to + ".deviation", to + ".positive")
        .node("Div", to + ".normed", to + ".centred", to + ".deviation")
        .node("Mul", to, to + ".normed", weightName(name, "scale"));
  }

  /** Adds a norm fused with the sum before it; {@code sum} may be "", where nothing reads it. */
  public TinyGraphs skipNorm(String op, String norm, String sum, String... inputs) {
    NodeProto.Builder node =
        Nodes.node(op, List.of(inputs), norm, Nodes.number("epsilon", EPSILON)).toBuilder()
            .setDomain("com.microsoft");
    if (!sum.isEmpty()) {
      node.addOutput("").addOutput("").addOutput(sum);
    }
    return node(node.build());
  }

  /** Weights are named with dots where nodes are named with slashes. */
  private static String weightName(String node, String weight) {
    return node.replaceFirst("^/", "").replace('/', '.') + "." + weight;
  }

  private static AttributeProto integers(String name, Long... values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(List.of(values))
        .build();
  }

  private static TensorProto number(float value) {
    return TensorProto.newBuilder().setDataType(DataType.FLOAT_VALUE).addFloatData(value).build();
  }

  static TensorProto number(long value) {
    return TensorProto.newBuilder().setDataType(DataType.INT64_VALUE).addInt64Data(value).build();
  }

  public TinyGraphs embedding(String to) {
    return ids().matrix("embedding").node("Gather", to, "embedding", "input_ids");
  }

  public TinyGraphs head(String from) {
    return matrix("head").node("MatMul", "logits", from, "head").logits();
  }

  public ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
        .setGraph(graph)
        .build();
  }

  public OnnxGraph read(Path directory) throws IOException {
    return OnnxGraph.read(write(model(), directory));
  }

  public static Path write(ModelProto model, Path directory) throws IOException {
    return Files.write(directory.resolve("model.onnx"), model.toByteArray());
  }

  /** Moves every weight of 8 or more elements into one of {@code files} external files. */
  public static Path withExternalData(ModelProto model, Path directory, int files)
      throws IOException {
    ModelProto.Builder moved = model.toBuilder();
    List<ByteArrayOutputStream> data = new ArrayList<>();
    for (int file = 0; file < files; file++) {
      data.add(new ByteArrayOutputStream());
    }
    int next = 0;
    for (TensorProto.Builder tensor : moved.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getRawData().size() >= 32) {
        int file = next++ % files;
        long offset = data.get(file).size();
        tensor.getRawData().writeTo(data.get(file));
        long length = tensor.getRawData().size();
        TensorProto at = Relocation.at(tensor.build(), externalName(file), offset, length);
        tensor.clear().mergeFrom(at).clearRawData();
      }
    }
    for (int file = 0; file < files; file++) {
      Files.write(directory.resolve(externalName(file)), data.get(file).toByteArray());
    }
    return write(moved.build(), directory);
  }

  public static String externalName(int file) {
    return file == 0 ? "model.onnx_data" : "model.onnx_data_" + file;
  }
}
