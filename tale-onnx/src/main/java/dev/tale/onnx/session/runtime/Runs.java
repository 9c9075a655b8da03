package dev.tale.onnx.session.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.Result;
import dev.tale.onnx.session.runtime.RunCounter.Extent;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/** Every run of one session passes here: counted, and not begun when the thread is interrupted. */
public final class Runs {
  private final RunCounter counter;
  private volatile Runner runner;

  Runs(Runner runner, RunCounter counter) {
    this.runner = runner;
    this.counter = counter;
  }

  /**
   * Runs the session; the caller closes what comes out.
   *
   * @throws RuntimeFailure if the runtime fails
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  public Outputs run(Map<String, OnnxTensor> inputs, Set<String> outputs, Extent extent) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException(
          "Interrupted after " + counter.runs() + " runs; nothing of this call is kept");
    }
    counter.begin(extent, inputs.values().stream().mapToLong(Tensors::bytes).sum());
    long start = System.nanoTime();
    try {
      Outputs given = Outputs.of(runner.run(inputs, outputs), counter);
      counter.end(System.nanoTime() - start, given.bytes());
      return given;
    } catch (OrtException e) {
      throw RuntimeFailure.of(e);
    }
  }

  /** Returns the number of runs so far. */
  public long count() {
    return counter.runs();
  }

  /** Returns the number of layers in all runs so far. */
  public long layers() {
    return counter.layers();
  }

  /** Puts something between this and the session, for tests. */
  public void intercept(UnaryOperator<Runner> around) {
    runner = around.apply(runner);
  }

  /** Runs a session. */
  @FunctionalInterface
  public interface Runner {
    Result run(Map<String, OnnxTensor> inputs, Set<String> outputs) throws OrtException;
  }
}
