package dev.tale.onnx.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.Result;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/** Every run of one session passes here: counted, and not begun when the thread is interrupted. */
final class Runs {
  private Runner runner;
  private long count;
  private long layers;

  Runs(Runner runner) {
    this.runner = runner;
  }

  /**
   * Runs the session; the caller closes what comes out.
   *
   * @throws RuntimeFailure if the runtime fails
   * @throws CancellationException if the thread is interrupted; it stays so
   */
  Outputs run(Map<String, OnnxTensor> inputs, Set<String> outputs, int layerCount) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException(
          "Interrupted after " + count + " runs; nothing of this call is kept");
    }
    count++;
    layers += layerCount;
    try {
      return Outputs.of(runner.run(inputs, outputs));
    } catch (OrtException e) {
      throw RuntimeFailure.of(e);
    }
  }

  /** Returns the number of runs so far. */
  long count() {
    return count;
  }

  /** Returns the number of layers in all runs so far. */
  long layers() {
    return layers;
  }

  /** Puts something between this and the session, for tests. */
  void intercept(UnaryOperator<Runner> around) {
    runner = around.apply(runner);
  }

  /** Runs a session. */
  @FunctionalInterface
  interface Runner {
    Result run(Map<String, OnnxTensor> inputs, Set<String> outputs) throws OrtException;
  }
}
