package dev.tale.bench.engine;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.layers.ModelInputs;
import dev.tale.onnx.layers.ResidualStream;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A session of nano-llama and its inputs, made once, so that a run measures the runtime alone. */
final class ForwardPass implements AutoCloseable {
  static final int TOKENS = 40;
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;
  private final Set<String> outputs;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();

  private ForwardPass(OrtSession session, String output, int batch) throws OrtException {
    this.session = session;
    this.outputs = Set.of(output);
    long[] shape = {batch, TOKENS};
    long[] ids = new long[batch * TOKENS];
    Arrays.setAll(ids, i -> 3 + (i * 31L + i / TOKENS) % 300);
    long[] positions = new long[batch * TOKENS];
    Arrays.setAll(positions, i -> i % TOKENS);
    long[] ones = new long[batch * TOKENS];
    Arrays.fill(ones, 1);
    feed(ModelInputs.INPUT_IDS, ids, shape);
    feed(ModelInputs.ATTENTION_MASK, ones, shape);
    feed(ModelInputs.POSITION_IDS, positions, shape);
  }

  /** The original graph with an empty cache. */
  static ForwardPass ungated(int batch) throws IOException, OrtException {
    OrtSession session = ENVIRONMENT.createSession(model().toString(), options());
    ForwardPass pass = new ForwardPass(session, "logits", batch);
    for (NodeInfo input : session.getInputInfo().values()) {
      if (!pass.inputs.containsKey(input.getName())) {
        long[] shape = ((TensorInfo) input.getInfo()).getShape();
        long[] empty = {batch, shape[1], 0, shape[3]};
        pass.feed(input.getName(), empty);
      }
    }
    return pass;
  }

  /** The gated graph with the head on every position and {@code skipped} layers off. */
  static ForwardPass gated(int batch, int skipped) throws IOException, OrtException {
    OnnxGraph graph = OnnxGraph.read(model());
    GatedGraph gated = GatedGraph.of(ResidualStream.find(graph), ConditionForm.BOOL);
    OrtSession session = ENVIRONMENT.createSession(gated.modelBytes(), options());
    ForwardPass pass = new ForwardPass(session, GatedGraph.LOGITS, batch);
    pass.feed(GatedGraph.HIDDEN, new long[] {0, 0, gated.hiddenSize()});
    pass.feed(GatedGraph.EMBEDDING_GATE, true);
    pass.feed(GatedGraph.HEAD_GATE, true);
    for (int layer = 0; layer < gated.layerCount(); layer++) {
      pass.feed(GatedGraph.layerGate(layer), !spread(layer, skipped, gated.layerCount()));
    }
    long[] positions = new long[batch * TOKENS];
    Arrays.setAll(positions, i -> i);
    pass.feed(GatedGraph.POSITIONS, positions, new long[] {positions.length});
    pass.feed(GatedGraph.TOKENS, new long[positions.length], new long[] {positions.length, 1});
    return pass;
  }

  /** One thread: two that share a busy machine wait for each other, and measure that. */
  private static SessionOptions options() throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    return options;
  }

  private static Path model() throws IOException {
    return NanoLlama.directory().resolve("model.onnx");
  }

  /** Whether a layer is one of {@code skipped} that lie evenly among all. */
  static boolean spread(int layer, int skipped, int layers) {
    return (layer + 1) * skipped / layers > layer * skipped / layers;
  }

  OrtSession.Result run() throws OrtException {
    return session.run(inputs, outputs);
  }

  private void feed(String name, long[] values, long[] shape) throws OrtException {
    inputs.put(name, OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(values), shape));
  }

  private void feed(String name, long[] emptyShape) throws OrtException {
    inputs.put(name, OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.allocate(0), emptyShape));
  }

  private void feed(String name, boolean on) throws OrtException {
    ByteBuffer value = ByteBuffer.allocateDirect(1).order(ByteOrder.nativeOrder());
    value.put((byte) (on ? 1 : 0)).rewind();
    inputs.put(name, OnnxTensor.createTensor(ENVIRONMENT, value, new long[0], OnnxJavaType.BOOL));
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensorLike::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("The session cannot be closed", e);
    }
  }
}
