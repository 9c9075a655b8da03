package dev.tale.model;

import dev.tale.model.LayerInfo.Part;
import java.util.List;

/**
 * What is known of a model without running it.
 *
 * @param name a name for people, usually that of the model's directory
 * @param contentHash SHA-256, in hexadecimal, of everything that determines the model's answers:
 *     graph, weights, tokenizer
 * @param layers what masks remove, by index, at least one: the layers in order, or their attention
 *     and feed-forward parts in order
 * @param contextLength largest number of tokens in one sequence
 * @param runtime what computes the answers, for provenance, for example "ONNX Runtime 1.28.0, CPU"
 */
public record ModelInfo(
    String name, String contentHash, List<LayerInfo> layers, int contextLength, String runtime) {

  /**
   * Copies the layers and checks their order.
   *
   * @throws IllegalArgumentException if there are no layers, one is not at its index, or whole
   *     layers and parts are mixed
   */
  public ModelInfo {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("Model " + name + " has no layers; give at least 1");
    }
    for (int index = 0; index < layers.size(); index++) {
      LayerInfo layer = layers.get(index);
      if (layer.index() != index || granularity(layer) != granularity(layers.get(0))) {
        throw new IllegalArgumentException(
            String.format(
                "Model %s: %s is at position %d; give every whole layer, or every attention and"
                    + " feed-forward part, at its index",
                name, layer, index));
      }
    }
  }

  private static Granularity granularity(LayerInfo layer) {
    return layer.part() == Part.WHOLE ? Granularity.LAYER : Granularity.SUBLAYER;
  }

  /** The unit that one index of a mask removes. */
  public Granularity granularity() {
    return granularity(layers.get(0));
  }

  /** Returns the number of indices of a mask: of layers, or of parts of layers. */
  public int layerCount() {
    return layers.size();
  }

  /**
   * Returns whether what a mask leaves is a transformer still: at least one whole layer, or the
   * attention of one.
   *
   * @throws IllegalArgumentException if the mask is for another number of layers or parts
   */
  public boolean leavesAttention(LayerMask mask) {
    mask.requireLayers(layerCount());
    return mask.kept().stream().anyMatch(index -> layers.get(index).part() != Part.FEED_FORWARD);
  }

  /**
   * Returns the names of what a mask removes, ascending: {@code 3}, or {@code 3.attention} and
   * {@code 3.mlp}.
   *
   * @throws IllegalArgumentException if the mask is for another number of layers or parts
   */
  public List<String> removedNames(LayerMask mask) {
    mask.requireLayers(layerCount());
    return mask.removed().stream().map(index -> layers.get(index).name()).toList();
  }
}
