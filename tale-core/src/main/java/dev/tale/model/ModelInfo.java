package dev.tale.model;

import java.util.List;

/**
 * What is known of a model without running it.
 *
 * @param name a name for people, usually that of the model's directory
 * @param contentHash SHA-256, in hexadecimal, of everything that determines the model's answers:
 *     graph, weights, tokenizer
 * @param layers the removable layers in order, at least one
 * @param contextLength largest number of tokens in one sequence
 * @param runtime what computes the answers, for provenance, for example "ONNX Runtime 1.29.0, CPU"
 */
public record ModelInfo(
    String name, String contentHash, List<LayerInfo> layers, int contextLength, String runtime) {

  /** Copies the layers. */
  public ModelInfo {
    layers = List.copyOf(layers);
  }

  /** Returns the number of removable layers. */
  public int layerCount() {
    return layers.size();
  }
}
