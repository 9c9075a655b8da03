package dev.tale.bench.engine;

import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.task.Task;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
 * Nano-llama's answers to {@value #ROWS} rows under the first masks of a greedy round. With {@code
 * -prof gc} the allocation by number of masks shows what a mask costs on the Java heap.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 4, time = 5)
public class RoundBenchmark {
  static final int ROWS = 64;

  /** Masks at once. */
  @Param({"1", "6", "12"})
  public int masks;

  private OnnxModel model;
  private List<Request> requests;
  private List<LayerMask> round;

  /** Loads the model. */
  @Setup(Level.Trial)
  public void open() throws IOException {
    model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu()).open();
    Task task = EngineRows.of(NanoLlama.directory(), ROWS, 3, 0, 0).task(ROWS);
    requests =
        IntStream.range(0, ROWS).boxed().flatMap(row -> task.requests(row).stream()).toList();
    LayerMask none = LayerMask.none(model.info().layerCount());
    round = none.kept().stream().limit(masks).map(none::remove).toList();
  }

  /** Frees the model. */
  @TearDown(Level.Trial)
  public void close() {
    model.close();
  }

  /** The rows under the masks. */
  @Benchmark
  public int round() {
    return model.respond(requests, round).size();
  }
}
