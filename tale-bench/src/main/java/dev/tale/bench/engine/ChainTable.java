package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.model.LayerMask;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.graph.LayerChain;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Seconds of each step against the number of layers, of chains of one layer of nano-llama. Every
 * step but a round grows with the layers; a round of greedy search over n layers is (n - 1) + n (n
 * - 1) / 2 layer-runs, so that time for each of them is given too.
 */
public final class ChainTable {
  private static final List<Integer> LAYERS = List.of(12, 50, 200, 500);

  private final ObjectNode row = new ObjectMapper().createObjectNode();
  private final Path directory;
  private final int layers;

  private ChainTable(Path directory, int layers) {
    this.directory = directory;
    this.layers = layers;
  }

  /**
   * Measures and writes JSON to a file.
   *
   * @param most number of layers beyond which there is no chain
   */
  public static void run(int most, Path out) throws IOException {
    ArrayNode table = new ObjectMapper().createArrayNode();
    measured(LAYERS.get(0)); // Loads classes and libraries.
    for (int layers : LAYERS) {
      if (layers <= most) {
        table.add(measured(layers));
        System.out.println(table.get(table.size() - 1));
      }
    }
    Files.writeString(out, table.toPrettyString() + "\n");
  }

  private static ObjectNode measured(int layers) throws IOException {
    Path scratch = Files.createTempDirectory("tale-chain-");
    try {
      return new ChainTable(scratch, layers).measure();
    } finally {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  private ObjectNode measure() throws IOException {
    Path path = Files.createDirectory(directory.resolve("chain"));
    LayerChain.write(path, layers);
    row.put("layers", layers);
    ModelDirectory model = timed("layersFoundSeconds", () -> ModelDirectory.open(path));
    row.put("nodes", model.graph().proto().getGraph().getNodeCount());
    timed("gatedSeconds", () -> GatedGraph.of(model.stream(), ConditionForm.BOOL).modelBytes());
    loaded(model);
    excised(model);
    try (OnnxModel open = timed("openedSeconds", () -> OnnxModel.open(path))) {
      searched(open, EngineRows.of(path, 1, 2, 0, 0).task(1));
    }
    return row;
  }

  /** ONNX Runtime's share: what remains of opening beside the rest is the weights' hash. */
  private void loaded(ModelDirectory model) throws IOException {
    GatedGraph gated = GatedGraph.of(model.stream(), ConditionForm.BOOL);
    timed("loadedSeconds", () -> GatedSession.open(gated, SessionConfig.cpu(1))).close();
  }

  private void excised(ModelDirectory model) throws IOException {
    LayerMask mask = LayerMask.none(layers);
    for (int layer = 0; layer < layers; layer += 5) {
      mask = mask.remove(layer);
    }
    LayerMask removed = mask;
    Path target = directory.resolve("pruned");
    timed("excisedSeconds", () -> model.excise(removed, target, Map.of())).close();
  }

  private void searched(OnnxModel open, Task task) {
    double mask = EngineRun.baseline(open, task).seconds();
    double round = EngineRun.round(open, task).seconds();
    double runs = layers - 1 + layers * (layers - 1) / 2.0;
    row.put("maskSeconds", mask).put("roundSeconds", round);
    row.put("roundMicrosecondsPerLayerRun", 1e6 * round / runs);
  }

  private <T> T timed(String name, Step<T> step) throws IOException {
    long start = System.nanoTime();
    T made = step.run();
    row.put(name, (System.nanoTime() - start) / 1e9);
    return made;
  }

  /** What is timed. */
  @FunctionalInterface
  private interface Step<T> {
    T run() throws IOException;
  }
}
