package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.common.primitives.Longs;
import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.List;

/** New nodes, tensors and declarations. A node has the name of its output. */
public final class Nodes {
  private Nodes() {}

  public static NodeProto node(
      String op, List<String> inputs, String output, AttributeProto... attributes) {
    return NodeProto.newBuilder()
        .setOpType(op)
        .setName(output)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  public static NodeProto identity(String input, String output) {
    return node("Identity", List.of(input), output);
  }

  public static NodeProto cast(String input, int type, String output) {
    return node("Cast", List.of(input), output, integer("to", type));
  }

  public static NodeProto constant(String output, TensorProto value) {
    return node("Constant", List.of(), output, tensor("value", value));
  }

  /** Makes a 1-D int64 constant. */
  public static NodeProto longs(String output, long... values) {
    return constant(
        output,
        TensorProto.newBuilder()
            .setDataType(DataType.INT64_VALUE)
            .addDims(values.length)
            .addAllInt64Data(Longs.asList(values))
            .build());
  }

  /** Makes a shape of which one dimension, int64 [1], is computed. */
  public static List<NodeProto> shape(String output, long[] dims, int computed, String dim) {
    String before = output + ".before";
    String after = output + ".after";
    return List.of(
        longs(before, Arrays.copyOfRange(dims, 0, computed)),
        longs(after, Arrays.copyOfRange(dims, computed + 1, dims.length)),
        node("Concat", List.of(before, dim, after), output, integer("axis", 0)));
  }

  /** Makes a constant without elements; one of the dimensions is 0. */
  public static NodeProto empty(String output, int type, List<Long> dims) {
    return constant(
        output,
        TensorProto.newBuilder()
            .setDataType(type)
            .addAllDims(dims)
            .setRawData(ByteString.EMPTY)
            .build());
  }

  /** Makes an If, named after its branches. */
  public static NodeProto branch(
      String condition, GraphProto on, GraphProto off, List<String> outputs) {
    return NodeProto.newBuilder()
        .setOpType("If")
        .setName(on.getName().replaceFirst("/on$", ""))
        .addInput(condition)
        .addAllOutput(outputs)
        .addAttribute(graph("then_branch", on))
        .addAttribute(graph("else_branch", off))
        .build();
  }

  /** Makes an entry of metadata or of a tensor's external data. */
  public static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  public static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  public static AttributeProto integers(String name, List<Long> values) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INTS)
        .addAllInts(values)
        .build();
  }

  public static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  public static AttributeProto tensor(String name, TensorProto value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.TENSOR)
        .setT(value)
        .build();
  }

  private static AttributeProto graph(String name, GraphProto value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(value)
        .build();
  }

  /** Declares a tensor; a dimension is a number or a name. */
  public static ValueInfoProto declare(String name, int type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      if (dim instanceof Number size) {
        shape.addDimBuilder().setDimValue(size.longValue());
      } else {
        shape.addDimBuilder().setDimParam(dim.toString());
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  /** Declares a tensor of which only the type is known. */
  public static ValueInfoProto declareType(String name, int type) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(type)))
        .build();
  }

  /** Declares a tensor of which only type and rank are known, but for fixed dimensions. */
  public static ValueInfoProto declareLoosely(String name, int type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      TensorShapeProto.Dimension.Builder next = shape.addDimBuilder();
      if (dim >= 0) {
        next.setDimValue(dim);
      }
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }
}
