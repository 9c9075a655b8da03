package dev.tale.bench.check;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.families.FamilyLadder;
import dev.tale.onnx.families.Fixture;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.families.ModelRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Opens, gates and excises a tiny model of every family, exporter and format. */
public final class ModelsTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelsTable() {}

  /**
   * Prints a row for each fixture and writes them all to a file.
   *
   * @return whether every row is as it should be
   */
  public static boolean run(Path out) throws IOException {
    System.out.printf(
        "%-30s %-6s %9s %9s %9s %9s  %s%n",
        "model", "layers", "gated", "excised", "parts", "excised", "");
    List<ModelRow> rows = new ArrayList<>();
    for (Fixture fixture : Fixtures.all()) {
      ModelRow row = ModelRow.measure(fixture);
      print(row);
      rows.add(row);
    }
    Fixtures.absent().forEach(ModelsTable::print);
    Files.writeString(out, json(rows).toPrettyString() + "\n");
    return rows.stream().allMatch(ModelRow::ok);
  }

  private static void print(ModelRow row) {
    FamilyLadder layers = row.layers();
    System.out.printf(
        Locale.ROOT,
        "%-30s %-6s %9s %9s  %s%n",
        row.fixture().name(),
        (layers == null ? "-" : layers.layersFound()) + "/" + row.fixture().layers(),
        differences(layers),
        differences(row.parts()),
        row.ok() ? "ok" : row.problem());
  }

  private static void print(Fixtures.Absent absent) {
    System.out.printf(
        "%-30s %s%n",
        absent.family() + "-" + absent.exporter() + "-" + absent.format(),
        "absent: " + absent.reason());
  }

  private static String differences(@Nullable FamilyLadder ladder) {
    return ladder == null
        ? "        -         -"
        : String.format(Locale.ROOT, "%9.1e %9.1e", ladder.gated(), ladder.excised());
  }

  private static ArrayNode json(List<ModelRow> rows) {
    ArrayNode array = JSON.createArrayNode();
    rows.forEach(row -> array.add(json(row)));
    return array;
  }

  private static ObjectNode json(ModelRow row) {
    Fixture fixture = row.fixture();
    FamilyLadder layers = row.layers();
    FamilyLadder parts = row.parts();
    ObjectNode json =
        JSON.createObjectNode()
            .put("model", fixture.name())
            .put("family", fixture.family())
            .put("exporter", fixture.exporter())
            .put("format", fixture.format())
            .put("layout", fixture.layout())
            .put("layersFound", layers == null ? null : layers.layersFound())
            .put("layersExpected", fixture.layers())
            .put("maxAbsDiffPlain", layers == null ? null : layers.plain())
            .put("maxAbsDiffGated", layers == null ? null : layers.gated())
            .put("maxAbsDiffExcised", layers == null ? null : layers.excised())
            .put("maxAbsDiffGatedParts", parts == null ? null : parts.gated())
            .put("maxAbsDiffExcisedParts", parts == null ? null : parts.excised())
            .put("range", layers == null ? null : layers.range())
            .put("ok", row.ok());
    return row.ok() ? json : json.put("problem", row.problem());
  }
}
