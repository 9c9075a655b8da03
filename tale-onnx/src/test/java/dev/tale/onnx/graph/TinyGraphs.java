package dev.tale.onnx.graph;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Graphs of a few nodes, written by hand. */
final class TinyGraphs {
  private static final int WIDTH = 8;

  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("tiny");

  TinyGraphs input(String name, int type, Object... dims) {
    graph.addInput(Nodes.declare(name, type, dims));
    return this;
  }

  TinyGraphs ids() {
    return input("input_ids", DataType.INT64_VALUE, "batch", "sequence");
  }

  TinyGraphs logits() {
    graph.addOutput(Nodes.declare("logits", DataType.FLOAT_VALUE, "batch", "sequence", WIDTH));
    return this;
  }

  TinyGraphs output(ValueInfoProto output) {
    graph.addOutput(output);
    return this;
  }

  /** Adds a square matrix of zeros. */
  TinyGraphs matrix(String name) {
    return weight(name, WIDTH, WIDTH);
  }

  TinyGraphs weight(String name, long... dims) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(DataType.FLOAT_VALUE);
    long size = 1;
    for (long dim : dims) {
      tensor.addDims(dim);
      size *= dim;
    }
    graph.addInitializer(tensor.setRawData(ByteString.copyFrom(new byte[(int) (4 * size)])));
    return this;
  }

  TinyGraphs node(String op, String output, String... inputs) {
    graph.addNode(Nodes.node(op, List.of(inputs), output));
    return this;
  }

  TinyGraphs node(NodeProto node) {
    graph.addNode(node);
    return this;
  }

  /** Adds x + attention(x) + feed-forward of it, from {@code from} to {@code to}. */
  TinyGraphs layer(String from, String to) {
    return attention(from, to + ".mid").feedForward(to + ".mid", to);
  }

  TinyGraphs attention(String from, String to) {
    return matrix(to + ".w")
        .node("MatMul", to + ".q", from, to + ".w")
        .node("Transpose", to + ".t", from)
        .node("MatMul", to + ".scores", to + ".q", to + ".t")
        .node("Softmax", to + ".p", to + ".scores")
        .node("MatMul", to + ".mixed", to + ".p", from)
        .node("Add", to, from, to + ".mixed");
  }

  TinyGraphs feedForward(String from, String to) {
    return matrix(to + ".w")
        .node("MatMul", to + ".up", from, to + ".w")
        .node("Sigmoid", to + ".on", to + ".up")
        .node("Add", to, from, to + ".on");
  }

  TinyGraphs embedding(String to) {
    return ids().matrix("embedding").node("Gather", to, "embedding", "input_ids");
  }

  TinyGraphs head(String from) {
    return matrix("head").node("MatMul", "logits", from, "head").logits();
  }

  ModelProto model() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(graph)
        .build();
  }

  OnnxGraph read(Path directory) throws IOException {
    return OnnxGraph.read(write(model(), directory));
  }

  static Path write(ModelProto model, Path directory) throws IOException {
    return Files.write(directory.resolve("model.onnx"), model.toByteArray());
  }

  /** Moves every weight of 8 or more elements into one of {@code files} external files. */
  static Path withExternalData(ModelProto model, Path directory, int files) throws IOException {
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

  static String externalName(int file) {
    return file == 0 ? "model.onnx_data" : "model.onnx_data_" + file;
  }
}
