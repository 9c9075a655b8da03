package dev.tale.onnx.graph;

import dev.tale.model.LayerMask;
import dev.tale.onnx.excise.ExcisedGraph;
import dev.tale.onnx.excise.ExternalCopy;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Opens, gates and excises a model, and prints what each step takes. To be run on a small heap. */
public final class BigModelRun {
  /** In place of a target: nothing is written. */
  static final String PLAN = "plan";

  private static final double MIB = 1 << 20;

  private BigModelRun() {}

  /**
   * Prints a line for each step: its name, milliseconds, the largest heap in use in MiB, garbage
   * included, and what was found.
   *
   * @param args the model's directory; the layers to remove, as 3,7; the target, or "plan" to write
   *     nothing
   */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Step open = new Step("open");
    ModelDirectory model = ModelDirectory.open(directory);
    ResidualStream stream = model.stream();
    open.done(stream.layerCount() + " layers, " + model.graph().external().size() + " weights");
    Step gate = new Step("gate");
    gate.done(GatedGraph.of(stream, ConditionForm.BOOL).modelBytes().length + " bytes");
    LayerMask mask = LayerMask.none(stream.layerCount());
    for (String layer : args[1].split(",", -1)) {
      mask = mask.remove(Integer.parseInt(layer));
    }
    plan(model, mask);
    if (!args[2].equals(PLAN)) {
      excise(model, mask, Path.of(args[2]));
    }
  }

  private static void plan(ModelDirectory model, LayerMask mask) {
    Step plan = new Step("plan");
    ExcisedGraph excised = new ExcisedGraph(model.stream(), mask);
    ExternalCopy weights =
        ExternalCopy.plan(model.graph(), excised.weights(), model.graph().file());
    int bytes = excised.build(weights::apply).getSerializedSize();
    plan.done(bytes + " bytes, " + excised.weights().size() + " weights");
  }

  private static void excise(ModelDirectory model, LayerMask mask, Path target) throws IOException {
    Step excise = new Step("excise");
    long bytes = 0;
    try (Staged staged = model.excise(mask, target, Map.of())) {
      for (Path file : staged.modelFiles()) {
        bytes += Files.size(file);
      }
      staged.commit();
    }
    excise.done(bytes + " bytes");
  }

  /** Measures one step; the heap is looked at once in a millisecond. */
  private static final class Step {
    private final String name;
    private final long start = System.nanoTime();
    private final AtomicLong peak = new AtomicLong();
    private final Thread sampler = new Thread(this::sample, "heap sampler");

    Step(String name) {
      this.name = name;
      sampler.setDaemon(true);
      sampler.start();
    }

    private void sample() {
      Runtime runtime = Runtime.getRuntime();
      while (!Thread.currentThread().isInterrupted()) {
        peak.accumulateAndGet(runtime.totalMemory() - runtime.freeMemory(), Math::max);
        LockSupport.parkNanos(1_000_000);
      }
    }

    void done(String found) {
      long millis = (System.nanoTime() - start) / 1_000_000;
      sampler.interrupt();
      System.out.printf(
          Locale.ROOT, "%s %d ms %.0f MiB %s%n", name, millis, peak.get() / MIB, found);
    }
  }
}
