package dev.tale.report;

import dev.tale.evaluate.Configuration;
import dev.tale.model.LayerInfo;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The origin of a written model, as entries of its metadata. */
final class ModelMetadata {
  static final String PREFIX = "tale.";
  static final String REMOVED = PREFIX + "removedLayers";
  private static final String SELECTION = PREFIX + "selectionScore";
  private static final String HELD_OUT = PREFIX + "heldOutScore";
  static final Set<String> FIGURES = Set.of(REMOVED, SELECTION, HELD_OUT);

  private ModelMetadata() {}

  /** What went in. */
  static Map<String, String> inputs(Provenance provenance) {
    Map<String, String> inputs = new TreeMap<>(provenance.identity());
    inputs.put(PREFIX + "model.name", provenance.model().name());
    long layers = provenance.model().layers().stream().map(LayerInfo::layer).distinct().count();
    inputs.put(PREFIX + "layers", String.valueOf(layers));
    inputs.put(PREFIX + "task", provenance.selection().name());
    inputs.put(PREFIX + "metric", provenance.selection().metric());
    provenance
        .budget()
        .ifPresent(budget -> inputs.put(PREFIX + "layerForwardBudget", String.valueOf(budget)));
    inputs.put(PREFIX + "tradeOff", provenance.tradeOff());
    inputs.put(PREFIX + "java", provenance.java());
    inputs.put(PREFIX + "operatingSystem", provenance.operatingSystem());
    if (provenance.selection().isTestSplit()) {
      inputs.put(PREFIX + "chosenOnTestSplit", "true");
    }
    return inputs;
  }

  /** What came out, of one configuration. */
  static Map<String, String> figures(Provenance provenance, Configuration configuration) {
    Map<String, String> figures = new TreeMap<>();
    figures.put(REMOVED, removed(provenance, configuration));
    figures.put(SELECTION, configuration.score().toString());
    configuration.heldOut().ifPresent(score -> figures.put(HELD_OUT, score.toString()));
    return figures;
  }

  static String removed(Provenance provenance, Configuration configuration) {
    return provenance.model().removedNames(configuration.mask()).toString();
  }
}
