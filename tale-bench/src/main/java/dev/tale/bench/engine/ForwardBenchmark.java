package dev.tale.bench.engine;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One forward pass of nano-llama on sequences of {@value ForwardPass#TOKENS} tokens, logits at
 * every position on both sides, on one thread: the original graph, and the gated graph with some
 * layers skipped. The ideal for k of 12 layers skipped is (12 - k) / 12 of the pass that skips
 * none.
 *
 * <p>Three forks, since the placement of one process's memory and threads moves a pass by several
 * percent.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 4, time = 1)
public class ForwardBenchmark {

  /** The original graph. */
  @State(Scope.Benchmark)
  public static class Ungated {
    /** Sequences at once. */
    @Param({"16", "1"})
    public int batch;

    private ForwardPass pass;

    /** Loads the model. */
    @Setup(Level.Trial)
    public void open() throws IOException, OrtException {
      pass = ForwardPass.ungated(batch);
    }

    /** Frees the model. */
    @TearDown(Level.Trial)
    public void close() {
      pass.close();
    }
  }

  /** The gated graph. */
  @State(Scope.Benchmark)
  public static class Gated {
    /** Sequences at once. */
    @Param({"16", "1"})
    public int batch;

    /** Layers skipped, spread over the model. */
    @Param({"0", "1", "2", "3", "4", "5", "6", "7", "8"})
    public int skipped;

    private ForwardPass pass;

    /** Loads the model. */
    @Setup(Level.Trial)
    public void open() throws IOException, OrtException {
      pass = ForwardPass.gated(batch, skipped);
    }

    /** Frees the model. */
    @TearDown(Level.Trial)
    public void close() {
      pass.close();
    }
  }

  /** The original graph, as deployed. */
  @Benchmark
  public long ungated(Ungated state) throws OrtException {
    return size(state.pass);
  }

  /** The gated graph. */
  @Benchmark
  public long gated(Gated state) throws OrtException {
    return size(state.pass);
  }

  private static long size(ForwardPass pass) throws OrtException {
    try (OrtSession.Result result = pass.run()) {
      return result.size();
    }
  }
}
