package dev.tale.report;

import dev.tale.evaluate.Configuration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A result that the metadata of a written model tell of, see {@link ModelMetadata}. */
final class WrittenModel implements WrittenResult {
  private final Map<String, String> metadata = new TreeMap<>();

  WrittenModel(Map<String, String> metadata) {
    metadata.forEach(
        (name, value) -> {
          if (name.startsWith(ModelMetadata.PREFIX)) {
            this.metadata.put(name, value);
          }
        });
    if (!this.metadata.containsKey(ModelMetadata.REMOVED)) {
      throw new IllegalArgumentException(
          "The metadata "
              + metadata.keySet()
              + " lack "
              + ModelMetadata.REMOVED
              + "; give those of a model that Tale wrote");
    }
  }

  @Override
  public Map<String, String> facts() {
    return Map.copyOf(metadata);
  }

  @Override
  public List<Difference> inputs(Provenance later) {
    Map<String, String> inputs = new TreeMap<>(metadata);
    inputs.keySet().removeAll(ModelMetadata.FIGURES);
    return Facts.compare(inputs, ModelMetadata.inputs(later));
  }

  @Override
  public List<Difference> figures(Report later) {
    String removed = metadata.getOrDefault(ModelMetadata.REMOVED, "");
    Optional<Configuration> same =
        later.path().stream()
            .filter(each -> ModelMetadata.removed(later.provenance(), each).equals(removed))
            .findFirst();
    if (same.isEmpty()) {
      return List.of(
          new Difference(
              ModelMetadata.REMOVED,
              removed,
              "not on the path; BEST removes "
                  + ModelMetadata.removed(later.provenance(), later.best())));
    }
    Map<String, String> figures = new TreeMap<>(metadata);
    figures.keySet().retainAll(ModelMetadata.FIGURES);
    return Facts.compare(figures, ModelMetadata.figures(later.provenance(), same.get()));
  }
}
