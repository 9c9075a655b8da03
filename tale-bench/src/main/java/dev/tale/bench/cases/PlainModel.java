package dev.tale.bench.cases;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A model as a client of ONNX Runtime runs it that knows nothing of Tale: one text at a time, with
 * empty caches.
 */
final class PlainModel implements AutoCloseable {
  private static final String LOGITS = "logits";
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final Path file;
  private final OrtSession session;

  private PlainModel(Path file, OrtSession session) {
    this.file = file;
    this.session = session;
  }

  /**
   * Loads a graph.
   *
   * @throws IOException if ONNX Runtime refuses it
   */
  static PlainModel open(Path file) throws IOException {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      return new PlainModel(file, ENVIRONMENT.createSession(file.toString(), options));
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime does not load " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Returns the logits or, without a head, the last hidden states, by position.
   *
   * @throws IOException if ONNX Runtime fails
   */
  float[][] output(ImmutableLongArray tokens) throws IOException {
    List<OnnxTensor> feeds = new ArrayList<>();
    try {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      String batch = batchName();
      for (NodeInfo input : session.getInputInfo().values()) {
        feeds.add(feed(input.getName(), (TensorInfo) input.getInfo(), tokens, batch));
        inputs.put(input.getName(), feeds.get(feeds.size() - 1));
      }
      try (Result result = session.run(inputs, Set.of(output()))) {
        return rows((OnnxTensor) result.get(0), tokens.length());
      }
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime does not run " + file + ": " + e.getMessage(), e);
    } finally {
      feeds.forEach(OnnxTensor::close);
    }
  }

  private String output() {
    return session.getOutputNames().contains(LOGITS) ? LOGITS : "last_hidden_state";
  }

  private static float[][] rows(OnnxTensor output, int length) {
    FloatBuffer values = output.getFloatBuffer();
    float[][] rows = new float[length][values.remaining() / length];
    for (float[] row : rows) {
      values.get(row);
    }
    return rows;
  }

  /** Returns the name of the first dimension of the token ids, empty if it has none. */
  private String batchName() throws OrtException {
    NodeInfo ids = session.getInputInfo().get("input_ids");
    return ids == null ? "" : ((TensorInfo) ids.getInfo()).getDimensionNames()[0];
  }

  private static OnnxTensor feed(
      String name, TensorInfo info, ImmutableLongArray tokens, String batch) throws OrtException {
    return switch (name) {
      case "input_ids" -> longs(tokens.stream());
      case "attention_mask" -> longs(tokens.stream().map(token -> 1));
      case "position_ids" -> longs(LongStream.range(0, tokens.length()));
      case "token_type_ids" -> longs(tokens.stream().map(token -> 0));
      default -> nothing(info, batch);
    };
  }

  private static OnnxTensor longs(LongStream values) throws OrtException {
    long[] row = values.toArray();
    return OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(row), new long[] {1, row.length});
  }

  /** A cache of one row and length 0: open dimensions but that of the batch are lengths. */
  private static OnnxTensor nothing(TensorInfo info, String batch) throws OrtException {
    long[] shape = info.getShape().clone();
    for (int axis = 0; axis < shape.length; axis++) {
      if (shape[axis] < 0) {
        boolean named = !batch.isEmpty() && info.getDimensionNames()[axis].equals(batch);
        shape[axis] = named || axis == 0 ? 1 : 0;
      }
    }
    ByteBuffer empty = ByteBuffer.allocateDirect(0).order(ByteOrder.nativeOrder());
    return info.type == OnnxJavaType.FLOAT
        ? OnnxTensor.createTensor(ENVIRONMENT, empty.asFloatBuffer(), shape)
        : OnnxTensor.createTensor(ENVIRONMENT, empty, shape, info.type);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime could not close " + file, e);
    }
  }
}
