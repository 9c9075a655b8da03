package dev.tale.onnx.session.runtime;

import static java.util.stream.Collectors.joining;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.ModelOutputException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.session.runtime.PlainDecoding.Decoded;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model as any other client of ONNX Runtime would load it: from its file, with an empty key-value
 * cache. To verify and to time what was written; for one thread at a time.
 */
public final class PlainSession implements AutoCloseable {
  private final Native<OrtSession> session;
  private final PlainInputs inputs;
  private final String output;

  private PlainSession(Native<OrtSession> session, PlainInputs inputs, String output) {
    this.session = session;
    this.inputs = inputs;
    this.output = output;
  }

  /**
   * Loads a model whose key-value caches, if it has any, are [batch, heads, length, head size].
   *
   * @param output name of the output [batch, sequence, width]: logits or hidden states
   * @throws UnsupportedModelException if the device is not there or ONNX Runtime refuses the model
   */
  public static PlainSession open(Path onnxFile, String output, SessionConfig config) {
    return open(onnxFile, output, config, Map.of());
  }

  /**
   * Loads a model.
   *
   * @param output name of the output [batch, sequence, width]: logits or hidden states
   * @param caches what key-value caches look like, by input
   * @throws UnsupportedModelException if the device is not there or ONNX Runtime refuses the model
   */
  public static PlainSession open(
      Path onnxFile, String output, SessionConfig config, Map<String, CacheFormat> caches) {
    try (Native<SessionOptions> options = Native.own(SessionOptions::new)) {
      Native<OrtSession> session =
          Native.own(
              () -> {
                config.apply(options.get());
                return OrtEnvironment.getEnvironment()
                    .createSession(onnxFile.toString(), options.get());
              });
      return describe(session, output, caches);
    } catch (RuntimeFailure e) {
      throw new UnsupportedModelException(
          "ONNX Runtime does not load " + onnxFile + ": " + e.getMessage(), e);
    }
  }

  private static PlainSession describe(
      Native<OrtSession> session, String output, Map<String, CacheFormat> caches) {
    try {
      Map<String, TensorInfo> inputs = new HashMap<>();
      session.get().getInputInfo().forEach((name, info) -> inputs.put(name, tensorInfo(info)));
      return new PlainSession(session, PlainInputs.of(inputs, caches), output);
    } catch (OrtException e) {
      session.close();
      throw RuntimeFailure.of(e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private static TensorInfo tensorInfo(NodeInfo info) {
    if (info.getInfo() instanceof TensorInfo tensor) {
      return tensor;
    }
    throw new UnsupportedModelException("Input " + info.getName() + " is not a tensor");
  }

  /**
   * Returns the output at some positions of one sequence.
   *
   * @return rows by position as given
   * @throws ModelOutputException if the runtime fails
   * @throws UnsupportedModelException if the model has an input that Tale does not know
   * @throws IllegalStateException if the session is closed
   */
  public List<float[]> output(ImmutableLongArray tokens, List<Integer> positions) {
    try (PlainFeeds feeds = PlainFeeds.of(inputs, List.of(tokens))) {
      return run(feeds.tensors(), positions, feeds.length());
    } catch (RuntimeFailure e) {
      throw failed(List.of(tokens), e);
    }
  }

  /**
   * Runs some sequences once and returns how long the runtime took, in nanoseconds; making inputs
   * is not counted.
   *
   * @throws ModelOutputException if the runtime fails
   */
  long nanos(List<ImmutableLongArray> batch) {
    OrtSession open = session.get();
    try (PlainFeeds feeds = PlainFeeds.of(inputs, batch)) {
      Map<String, OnnxTensor> tensors = feeds.tensors();
      long start = System.nanoTime();
      try (Native<Result> result = Native.own(() -> open.run(tensors, Set.of(output)))) {
        long nanos = System.nanoTime() - start;
        result.get();
        return nanos;
      }
    } catch (RuntimeFailure e) {
      throw failed(batch, e);
    }
  }

  /**
   * Decodes greedily after a prompt, whatever the tokens are.
   *
   * @param caches of the model: outputs by the inputs that they go on in
   * @throws ModelOutputException if the runtime fails
   */
  Decoded decode(ImmutableLongArray prompt, int tokens, ImmutableMap<String, String> caches) {
    try {
      return PlainDecoding.decode(session.get(), inputs, output, caches, prompt, tokens);
    } catch (RuntimeFailure e) {
      throw failed(List.of(prompt), e);
    }
  }

  private static ModelOutputException failed(
      List<ImmutableLongArray> batch, RuntimeFailure failure) {
    String lengths =
        batch.stream().map(ImmutableLongArray::length).map(String::valueOf).collect(joining(", "));
    ModelOutputException exception =
        new ModelOutputException(
            "ONNX Runtime failed on " + lengths + " tokens: " + failure.getMessage());
    exception.initCause(failure);
    return exception;
  }

  private List<float[]> run(Map<String, OnnxTensor> feeds, List<Integer> positions, int length) {
    OrtSession open = session.get();
    try (Native<Result> result = Native.own(() -> open.run(feeds, Set.of(output)))) {
      FloatBuffer values = ((OnnxTensor) result.get().get(0)).getFloatBuffer();
      int width = values.remaining() / length;
      List<float[]> rows = new ArrayList<>();
      for (int position : positions) {
        float[] row = new float[width];
        values.get(position * width, row);
        rows.add(row);
      }
      return rows;
    }
  }

  /** Frees the session. Closing twice has no effect. */
  @Override
  public void close() {
    session.close();
  }
}
