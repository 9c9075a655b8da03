package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Comparators;
import com.google.common.collect.ImmutableList;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.OnnxGraph;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which layers of the original checkpoint a model's are: all, in order, unless some were removed
 * before; then {@code layers_to_keep.json} beside the model tells.
 */
final class CheckpointLayers {
  private CheckpointLayers() {}

  /**
   * The layers that stay, in terms of the original checkpoint's.
   *
   * @param kept in terms of the model's layers
   * @return empty if the model was pruned before and nothing says exactly how
   */
  static Optional<KeptLayers> of(KeptLayers kept, SideFiles files, OnnxGraph graph)
      throws IOException {
    Optional<SideFile> file = files.find(LayersToKeepFile.NAME);
    if (file.isPresent()) {
      return composed(kept, file.get());
    }
    return EarlierRemovals.areIn(graph) ? Optional.empty() : Optional.of(kept);
  }

  private static Optional<KeptLayers> composed(KeptLayers kept, SideFile file) throws IOException {
    try {
      ObjectNode earlier = JsonFile.read(file);
      int layers = earlier.path(LayersToKeepFile.ORIGINAL_LAYERS).asInt();
      List<Integer> origins = LayersToKeepFile.wholeLayers(earlier);
      return isList(origins, kept.layers(), layers)
          ? Optional.of(
              new KeptLayers(
                  kept.granularity(),
                  layers,
                  mapped(kept.attention(), origins),
                  mapped(kept.feedForward(), origins)))
          : Optional.empty();
    } catch (ModelFormatException e) {
      // Nobody needs the file to run the model, so it is no reason to refuse it.
      return Optional.empty();
    }
  }

  /** Returns whether there is an origin for each layer, all different, in order and in range. */
  private static boolean isList(List<Integer> origins, int layers, int originalLayers) {
    return origins.size() == layers
        && origins.stream().allMatch(origin -> origin >= 0 && origin < originalLayers)
        && Comparators.isInStrictOrder(origins, Comparator.naturalOrder());
  }

  private static ImmutableList<Integer> mapped(List<Integer> layers, List<Integer> origins) {
    return layers.stream().map(origins::get).collect(ImmutableList.toImmutableList());
  }
}
