package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession.Result;
import dev.tale.model.UnsupportedModelException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** What one run gave, each tensor with an owner of its own: this, until another takes it. */
public final class Outputs implements AutoCloseable {
  private final Map<String, Native<OnnxTensor>> tensors = new HashMap<>();
  private final RunCounter counter;

  private Outputs(RunCounter counter) {
    this.counter = counter;
  }

  /** Takes every tensor of a result, which is not to be closed. */
  static Outputs of(Result result, RunCounter counter) {
    Outputs outputs = new Outputs(counter);
    for (Map.Entry<String, OnnxValue> output : result) {
      OnnxTensor tensor = (OnnxTensor) output.getValue();
      outputs.tensors.put(output.getKey(), Native.own(() -> tensor));
    }
    return outputs;
  }

  private Native<OnnxTensor> owner(String name) {
    Native<OnnxTensor> tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("A run gave no output " + name);
    }
    return tensor;
  }

  /** Whether the run gave that output, and nobody has taken it. */
  public boolean has(String name) {
    return tensors.containsKey(name);
  }

  /** Hands a tensor over to the caller, who closes it. */
  public Native<OnnxTensor> take(String name) {
    Native<OnnxTensor> tensor = owner(name);
    tensors.remove(name);
    return tensor;
  }

  /**
   * Checks the shape of an output.
   *
   * @throws UnsupportedModelException if it has another
   */
  public void requireShape(String name, long[] expected) {
    long[] shape = owner(name).get().getInfo().getShape();
    if (!Arrays.equals(shape, expected)) {
      throw new UnsupportedModelException(
          "The hidden state between two layers has the shape "
              + Arrays.toString(shape)
              + " for [batch, sequence, width] "
              + Arrays.toString(expected)
              + ": the graph rearranges its residual stream in a way that Tale does not know. Export"
              + " it again with another exporter");
    }
  }

  /** Returns the size of all that is not taken. */
  long bytes() {
    return tensors.values().stream().mapToLong(tensor -> Tensors.bytes(tensor.get())).sum();
  }

  public long[] longs(String name) {
    long start = System.nanoTime();
    LongBuffer buffer = owner(name).get().getLongBuffer();
    long[] values = new long[buffer.remaining()];
    buffer.get(values);
    counter.read(System.nanoTime() - start);
    return values;
  }

  public float[] floats(String name) {
    long start = System.nanoTime();
    float[] values = floats(owner(name).get());
    counter.read(System.nanoTime() - start);
    return values;
  }

  public static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override
  public void close() {
    tensors.values().forEach(Native::close);
  }
}
