package dev.tale.bench.gain;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.PruneResult;
import dev.tale.evaluate.Configuration;
import dev.tale.gain.GainParts;
import dev.tale.gain.GainWarning;
import dev.tale.gain.TaskGain;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.testing.GainDraws;
import dev.tale.testing.KnownGain;
import dev.tale.testing.KnownGain.Truth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Parts of gains beside the truth, and of searches that win by bias. */
public final class GainTable {
  /** Rows of a draw that choose; as many are held out. */
  private static final int ROWS = 200;

  /** Rows behind the truth for each draw: of 1,000 draws its error is a tenth of a point. */
  private static final int TRUTH_ROWS = 1000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private GainTable() {}

  /** Scripted models by what their gain is made of. */
  static Map<String, KnownGain> known() {
    Map<String, KnownGain> known = new LinkedHashMap<>();
    known.put("all format", new KnownGain(4, true, 0.5, 0, 1.2, 1.2, 1));
    known.put("all bias", new KnownGain(2, false, 1, 2, 1.2, 1.2, 2));
    known.put("all bias, 4 options", new KnownGain(4, false, 1, 2, 1.2, 1.2, 3));
    known.put("all knowledge", new KnownGain(4, false, 1, 0, 0.6, 1.6, 4));
    known.put("bias and knowledge", new KnownGain(2, false, 1, 1.5, 0.8, 1.4, 5));
    known.put("format, bias and knowledge", new KnownGain(4, true, 0.7, 1.5, 0.8, 1.4, 6));
    known.put("bias against lost knowledge", new KnownGain(4, false, 1, 2, 1.4, 0.8, 7));
    return known;
  }

  /**
   * Prints the tables and writes them.
   *
   * @param draws draws of the rows of each scripted model, at least 2
   * @param model a model that chooses for reviews, if one is given
   */
  public static void run(int draws, Optional<Path> model, Path out) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode known = root.putArray("known");
    System.out.printf(
        Locale.ROOT,
        "points: mean over %d draws of %d rows that choose and %d held out (truth)%n",
        draws,
        ROWS,
        ROWS);
    known().forEach((name, each) -> known(known.addObject(), name, each, draws));
    ArrayNode searches = root.putArray("searches");
    try (OnnxModel nano = OnnxModel.open(NanoLlama.directory())) {
      search(searches.addObject(), "nano-llama, expressions", GainSearches.expressions(nano));
      search(
          searches.addObject(),
          "nano-llama, expressions asked for their contrary",
          GainSearches.contraries(nano));
      search(searches.addObject(), "the same, calibrated", GainSearches.calibratedContraries(nano));
    }
    if (model.isPresent()) {
      try (OnnxModel own = OnnxModel.open(model.get())) {
        search(searches.addObject(), own.info().name() + ", reviews", GainSearches.reviews(own));
      }
    }
    JSON.writerWithDefaultPrettyPrinter().writeValue(out.toFile(), root);
  }

  private static void known(ObjectNode node, String name, KnownGain model, int draws) {
    Truth truth = model.draw(1_000_000).truth(TRUTH_ROWS * Math.max(50, draws));
    GainDraws found = GainDraws.of(model, ROWS, draws);
    System.out.printf(
        Locale.ROOT,
        "%-28s format %+5.2f (%+5.2f)  bias %+5.2f (%+5.2f)  rest %+5.2f (%+5.2f)  covered %.1f %%%n",
        name,
        100 * found.format(),
        100 * truth.format(),
        100 * found.bias(),
        100 * truth.bias(),
        100 * found.rest(),
        100 * truth.rest(),
        100 * found.covered(truth.rest()));
    node.put("case", name).put("rows", ROWS).put("draws", draws);
    node.set("truth", JSON.valueToTree(truth));
    node.putObject("mean")
        .put("format", found.format())
        .put("bias", found.bias())
        .put("rest", found.rest());
    node.put("coverage", found.covered(truth.rest())).put("level", GainDraws.level());
  }

  private static void search(ObjectNode node, String name, PruneResult result) {
    TaskGain gain = result.report().gains().tasks().get(0);
    Configuration best = result.report().best();
    System.out.printf(
        Locale.ROOT,
        "%s: %s -> %s without %s%n",
        name,
        result.report().baseline().quoted(),
        best.quoted(),
        result.report().removed(best));
    node.put("case", name)
        .put("baseline", result.report().baseline().quoted().correct())
        .put("best", best.quoted().correct())
        .put("rows", best.quoted().total());
    node.set("removedLayers", JSON.valueToTree(best.mask().removed()));
    Optional<GainParts> parts = gain.of(best.mask()).flatMap(found -> found.parts());
    parts.ifPresent(
        found -> {
          System.out.println("  " + found);
          node.set("parts", JSON.valueToTree(found));
        });
    ObjectNode free = node.putObject("free");
    gain.free()
        .forEach(
            each -> {
              free.put(each.kind().name().toLowerCase(Locale.ROOT), each.quoted().correct());
              System.out.printf(Locale.ROOT, "  free: %s %s%n", each.quoted(), each.kind().text());
            });
    ArrayNode warnings = node.putArray("warnings");
    for (GainWarning warning : gain.warnings()) {
      warnings.add(warning.kind().name().toLowerCase(Locale.ROOT));
      System.out.println("  warning: " + warning.text());
    }
  }
}
