package dev.tale.bench.engine;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How fast ONNX Runtime multiplies matrices of the shapes of a model's layers, and nothing else.
 * Closing frees the weights.
 */
final class MatMulSpeed implements AutoCloseable {
  private static final int WARM_UP = 2;
  private static final int PASSES = 7;

  private final ModelShape shape;
  private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
  private final List<OrtSession> layers = new ArrayList<>();

  private MatMulSpeed(ModelShape shape) {
    this.shape = shape;
  }

  /**
   * Loads weights.
   *
   * @param layers how many layers have weights of their own; those of a whole model come from
   *     memory, those of one layer perhaps from a cache
   */
  static MatMulSpeed open(ModelShape shape, int layers, int threads) throws OrtException {
    MatMulSpeed speed = new MatMulSpeed(shape);
    try {
      speed.options.setIntraOpNumThreads(threads);
      speed.options.addConfigEntry("session.intra_op.allow_spinning", "0");
      for (int layer = 0; layer < layers; layer++) {
        byte[] model = model(shape).toByteArray();
        speed.layers.add(OrtEnvironment.getEnvironment().createSession(model, speed.options));
      }
      return speed;
    } catch (OrtException | RuntimeException e) {
      speed.close();
      throw e;
    }
  }

  /**
   * Returns floating-point operations per second on all threads: the median of some passes through
   * all layers.
   *
   * @param tokens rows of the left matrix
   */
  double measure(int tokens) throws OrtException {
    float[] values = values(tokens * shape.hidden());
    long[] dimensions = {tokens, shape.hidden()};
    try (OnnxTensor input =
        OnnxTensor.createTensor(
            OrtEnvironment.getEnvironment(), FloatBuffer.wrap(values), dimensions)) {
      double[] seconds = new double[PASSES];
      for (int pass = -WARM_UP; pass < PASSES; pass++) {
        seconds[Math.max(0, pass)] = pass(input);
      }
      Arrays.sort(seconds);
      return 2.0 * (double) (layers.size() * shape.layerWeights()) * tokens / seconds[PASSES / 2];
    }
  }

  private double pass(OnnxTensor input) throws OrtException {
    long start = System.nanoTime();
    for (OrtSession layer : layers) {
      layer.run(Map.of("x", input)).close();
    }
    return (System.nanoTime() - start) / 1e9;
  }

  @Override
  public void close() throws OrtException {
    for (OrtSession layer : layers) {
      layer.close();
    }
    options.close();
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
