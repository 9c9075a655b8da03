package dev.tale.bench.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The widths of a LLaMA-like model.
 *
 * @param hidden of the residual stream
 * @param queries of all heads
 * @param keyValues of all heads of keys, and of values
 * @param intermediate of the feed-forward network
 * @param vocabulary number of logits
 * @param layers number of layers
 */
record ModelShape(
    int hidden, int queries, int keyValues, int intermediate, int vocabulary, int layers) {

  static ModelShape read(Path model) throws IOException {
    JsonNode config = new ObjectMapper().readTree(model.resolve("config.json").toFile());
    int hidden = config.get("hidden_size").asInt();
    int heads = config.get("num_attention_heads").asInt();
    int width = config.hasNonNull("head_dim") ? config.get("head_dim").asInt() : hidden / heads;
    return new ModelShape(
        hidden,
        heads * width,
        config.get("num_key_value_heads").asInt() * width,
        config.get("intermediate_size").asInt(),
        config.get("vocab_size").asInt(),
        config.get("num_hidden_layers").asInt());
  }

  /** Returns the number of weights that a token is multiplied with in a layer. */
  long layerWeights() {
    return (long) hidden * (2L * queries + 2L * keyValues + 3L * intermediate);
  }

  /** Returns the operations of so many layer-forwards and reads of all logits. */
  double operations(long layerForwards, long positions) {
    return 2.0 * (double) (layerForwards * layerWeights() + positions * hidden * vocabulary);
  }
}
