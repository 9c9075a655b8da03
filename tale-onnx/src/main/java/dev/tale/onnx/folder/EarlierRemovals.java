package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.OnnxGraph;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a model that was pruned before says of that: in the graph's metadata and beside it. */
final class EarlierRemovals {
  private static final String REMOVED = "tale.removedLayers";

  /** As {@code dev.tale.model.LayerInfo#name} names parts. */
  private static final Pattern PART = Pattern.compile("\\d+\\.(attention|mlp)");

  private EarlierRemovals() {}

  /** Returns whether the graph says that something was removed from it. */
  static boolean areIn(OnnxGraph graph) {
    return list(graph).filter(removed -> !removed.equals("[]")).isPresent();
  }

  /**
   * Returns the reason why no layers are found, where it is that parts of them were removed before;
   * {@code failure} itself otherwise.
   */
  static UnsupportedModelException explain(
      UnsupportedModelException failure, SideFiles files, OnnxGraph graph) throws IOException {
    Optional<String> inGraph = list(graph).filter(removed -> PART.matcher(removed).find());
    Optional<String> parts = inGraph.isPresent() ? inGraph : partsBeside(files);
    return parts
        .map(removed -> new UnsupportedModelException(message(graph, removed), failure))
        .orElse(failure);
  }

  private static String message(OnnxGraph graph, String removed) {
    return graph.file()
        + ": parts of its layers were removed before, "
        + removed
        + ", so attention and feed-forward no longer take turns and its layers cannot be told from"
        + " one another. Such a model is for serving; to remove more, prune the original";
  }

  private static Optional<String> list(OnnxGraph graph) {
    return graph.proto().getMetadataPropsList().stream()
        .filter(entry -> entry.getKey().equals(REMOVED))
        .map(entry -> entry.getValue())
        .findFirst();
  }

  private static Optional<String> partsBeside(SideFiles files) throws IOException {
    Optional<SideFile> file = files.find(LayersToKeepFile.NAME);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      ObjectNode earlier = JsonFile.read(file.get());
      return LayersToKeepFile.removedParts(earlier);
    } catch (ModelFormatException e) {
      // The model has a failure of its own to tell.
      return Optional.empty();
    }
  }
}
