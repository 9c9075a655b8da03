package dev.tale.onnx.graph;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.tale.onnx.gate.GatedGraph;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model in plain ONNX Runtime, with arrays in and out. */
public final class OrtModel implements AutoCloseable {
  private static final OrtEnvironment ENVIRONMENT = OrtEnvironment.getEnvironment();

  private final OrtSession session;

  private OrtModel(OrtSession session) {
    this.session = session;
  }

  public static OrtModel open(Path file) {
    return of(null, file, Optional.empty(), null);
  }

  public static OrtModel open(GatedGraph gated) {
    return of(gated.modelBytes(), null, gated.externalDataFolder(), null);
  }

  public static OrtModel optimizedTo(
      Path optimized, byte @Nullable [] bytes, @Nullable Path file, Optional<Path> folder) {
    return of(bytes, file, folder, optimized);
  }

  private static OrtModel of(
      byte @Nullable [] bytes,
      @Nullable Path file,
      Optional<Path> folder,
      @Nullable Path optimized) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      if (folder.isPresent()) {
        options.addConfigEntry(
            "session.model_external_initializers_file_folder_path", folder.get().toString());
      }
      if (optimized != null) {
        options.setOptimizedModelFilePath(optimized.toString());
      }
      return new OrtModel(
          bytes != null
              ? ENVIRONMENT.createSession(bytes, options)
              : ENVIRONMENT.createSession(String.valueOf(file), options));
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  public Set<String> inputs() {
    return session.getInputNames();
  }

  public Set<String> outputs() {
    return session.getOutputNames();
  }

  public Map<String, Array> run(Map<String, Array> feeds, String... wanted) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Array> feed : feeds.entrySet()) {
        tensors.put(feed.getKey(), tensor(feed.getValue()));
      }
      try (OrtSession.Result result =
          wanted.length == 0 ? session.run(tensors) : session.run(tensors, Set.of(wanted))) {
        Map<String, Array> outputs = new LinkedHashMap<>();
        for (Map.Entry<String, OnnxValue> output : result) {
          outputs.put(output.getKey(), array((OnnxTensor) output.getValue()));
        }
        return outputs;
      }
    } catch (OrtException e) {
      throw new AssertionError(e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(Array array) throws OrtException {
    if (array.values() instanceof float[] floats) {
      return OnnxTensor.createTensor(ENVIRONMENT, FloatBuffer.wrap(floats), array.shape());
    }
    if (array.values() instanceof long[] longs) {
      return OnnxTensor.createTensor(ENVIRONMENT, LongBuffer.wrap(longs), array.shape());
    }
    byte[] bools = (byte[]) array.values();
    ByteBuffer buffer = ByteBuffer.allocateDirect(bools.length).put(bools).flip();
    return OnnxTensor.createTensor(ENVIRONMENT, buffer, array.shape(), OnnxJavaType.BOOL);
  }

  private static Array array(OnnxTensor tensor) {
    TensorInfo info = tensor.getInfo();
    if (info.type == OnnxJavaType.INT64) {
      LongBuffer buffer = tensor.getLongBuffer();
      long[] values = new long[buffer.remaining()];
      buffer.get(values);
      return new Array(values, info.getShape());
    }
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return new Array(values, info.getShape());
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new AssertionError(e);
    }
  }

  /** Elements (float[], long[], or byte[] of 0 and 1 for bool) and their shape. */
  public static final class Array {
    private final Object values;
    private final long[] shape;

    public Array(Object values, long... shape) {
      this.values = values;
      this.shape = shape;
    }

    Object values() {
      return values;
    }

    public long[] shape() {
      return shape;
    }

    public float[] floats() {
      return (float[]) values;
    }

    public long[] longs() {
      return (long[]) values;
    }
  }
}
