package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.evaluate.Configuration;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What it spares to run once what all prompts begin with: one mask, with sharing and without. */
public final class HeaderTable {
  private HeaderTable() {}

  public static void run(Path directory, EngineRows rows, Path out) throws IOException {
    EngineRun<List<Configuration>> shared = baseline(directory, rows, Device.cpu());
    EngineRun<List<Configuration>> alone = baseline(directory, rows, Device.cpu().sharingNothing());
    ObjectMapper json = new ObjectMapper();
    ObjectNode root = json.createObjectNode();
    root.put("rows", rows.rows().size());
    root.put("correct", shared.result().get(0).score().correct());
    root.put("identical", shared.result().equals(alone.result()));
    root.put("tokensPerRow", alone.statistics().tokens() / rows.rows().size());
    root.put("tokensWhole", alone.statistics().tokens());
    root.put("tokensShared", shared.statistics().tokens());
    root.put("secondsWhole", alone.seconds());
    root.put("secondsShared", shared.seconds());
    root.put("speedup", alone.seconds() / shared.seconds());
    root.put("boundByTokens", (double) alone.statistics().tokens() / shared.statistics().tokens());
    json.writerWithDefaultPrettyPrinter().writeValue(out.toFile(), root);
    System.out.println(root.toPrettyString());
  }

  private static EngineRun<List<Configuration>> baseline(
      Path directory, EngineRows rows, Device device) throws IOException {
    try (OnnxModel model = OnnxModel.builder(directory).device(device).open()) {
      EngineRun.baseline(model, rows.task(rows.rows().size())); // what is made once is made here
      return EngineRun.baseline(model, rows.task(rows.rows().size()));
    }
  }
}
