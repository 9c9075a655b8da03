package dev.tale.bench;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;

/** How fast ONNX Runtime multiplies matrices of the shapes of one layer, and nothing else. */
final class MatMulSpeed {
  private static final int RUNS = 20;

  private MatMulSpeed() {}

  /**
   * Returns floating-point operations per second on all threads.
   *
   * @param tokens rows of the left matrix
   */
  static double of(ModelShape shape, int tokens, int threads) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      try (OrtSession session =
              OrtEnvironment.getEnvironment().createSession(model(shape).toByteArray(), options);
          OnnxTensor input =
              OnnxTensor.createTensor(
                  OrtEnvironment.getEnvironment(),
                  FloatBuffer.wrap(values(tokens * shape.hidden())),
                  new long[] {tokens, shape.hidden()})) {
        double best = Double.MAX_VALUE;
        for (int run = 0; run < RUNS; run++) {
          long start = System.nanoTime();
          session.run(Map.of("x", input)).close();
          best = run < 3 ? best : Math.min(best, (double) (System.nanoTime() - start));
        }
        return 2.0 * (double) shape.layerWeights() * tokens / (best / 1e9);
      }
    }
  }

  private static ModelProto model(ModelShape shape) {
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("matmul")
            .addInput(value("x", shape.hidden()))
            .addOutput(value("down", shape.hidden()))
            .addOutput(value("k", shape.keyValues()))
            .addOutput(value("v", shape.keyValues()))
            .addOutput(value("o", shape.hidden()))
            .addOutput(value("up", shape.intermediate()));
    multiply(graph, "x", "q", shape.hidden(), shape.queries());
    multiply(graph, "x", "k", shape.hidden(), shape.keyValues());
    multiply(graph, "x", "v", shape.hidden(), shape.keyValues());
    multiply(graph, "q", "o", shape.queries(), shape.hidden());
    multiply(graph, "x", "gate", shape.hidden(), shape.intermediate());
    multiply(graph, "x", "up", shape.hidden(), shape.intermediate());
    multiply(graph, "gate", "down", shape.intermediate(), shape.hidden());
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(13))
        .setGraph(graph)
        .build();
  }

  private static void multiply(
      GraphProto.Builder graph, String from, String to, int rows, int columns) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * rows * columns).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values(rows * columns));
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(to + ".weight")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(rows)
            .addDims(columns)
            .setRawData(ByteString.copyFrom(bytes)));
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("MatMul")
            .addInput(from)
            .addInput(to + ".weight")
            .addOutput(to));
  }

  private static float[] values(int count) {
    Random random = new Random(1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() / 64 - 1f / 128;
    }
    return values;
  }

  private static ValueInfoProto value(String name, int width) {
    TensorShapeProto.Builder dims =
        TensorShapeProto.newBuilder()
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("tokens"))
            .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width));
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT_VALUE).setShape(dims);
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }
}
