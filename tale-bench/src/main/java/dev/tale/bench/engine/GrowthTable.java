package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.bench.command.UsageException;
import dev.tale.evaluate.Configuration;
import dev.tale.onnx.OnnxModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Work of one round against the number of layers, beside (L - 1) + L (L - 1) / 2 layer-runs. */
public final class GrowthTable {
  private static final int ROWS = 32;
  private static final int ROW_TOKENS = 40;

  private GrowthTable() {}

  /**
   * Measures and writes JSON to a file.
   *
   * @throws UsageException if there are no models; nothing is written
   */
  public static void run(Path models, Path out) throws IOException, UsageException {
    ObjectMapper json = new ObjectMapper();
    ArrayNode table = json.createArrayNode();
    for (Path model : directories(models)) {
      table.add(row(model));
    }
    json.writerWithDefaultPrettyPrinter().writeValue(out.toFile(), table);
    System.out.println(table.toPrettyString());
  }

  private static List<Path> directories(Path models) throws IOException, UsageException {
    if (!Files.isDirectory(models)) {
      throw new UsageException(
          "--models is "
              + models
              + ", which is no directory; give one that holds a directory for"
              + " each model");
    }
    try (Stream<Path> all = Files.list(models)) {
      List<Path> found =
          all.filter(each -> Files.exists(each.resolve("config.json")))
              .sorted(Comparator.comparingInt(GrowthTable::layers))
              .toList();
      if (found.isEmpty()) {
        throw new UsageException(
            "--models is "
                + models
                + ", which holds no model: no directory in it has a"
                + " config.json; make_qwen_shape.py makes such models");
      }
      return found;
    }
  }

  private static int layers(Path model) {
    try {
      return ModelShape.read(model).layers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode row(Path directory) throws IOException {
    EngineRows rows = EngineRows.of(directory, ROWS, 5, 0, ROW_TOKENS);
    try (OnnxModel model = OnnxModel.open(directory)) {
      EngineRun<List<Configuration>> whole = EngineRun.baseline(model, rows.task(ROWS));
      EngineRun<List<Configuration>> round = EngineRun.round(model, rows.task(ROWS));
      long layers = model.info().layerCount();
      double tokens = (double) whole.work().layerForwards() / layers;
      double formula = tokens * (double) (layers - 1 + layers * (layers - 1) / 2);
      ObjectNode node = new ObjectMapper().createObjectNode();
      node.put("layers", layers);
      node.put("layerForwards", round.statistics().layerForwards());
      node.put("formula", formula);
      node.put("ratio", round.statistics().layerForwards() / formula);
      node.put("seconds", round.seconds());
      node.put("microsecondsPerLayerForward", 1e6 * round.seconds() / formula);
      return node;
    }
  }
}
