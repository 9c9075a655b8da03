package dev.tale.onnx.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import dev.tale.model.UnsupportedModelException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Lists under names that Tale does not know and with as many entries as there are layers: most
 * likely one for each layer. A list of equal entries is cut; another one is refused, for it is not
 * known whether it speaks of attention, of the feed-forward part or of something else.
 */
record UnknownLists(Source source, ObjectNode settings, KeptLayers kept) {
  /** Lists of something else, whatever their length. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "architectures|keys_to_ignore_at_inference|languages|bad_words_ids|forced_decoder_ids"
              + "|.*_token_ids?|.*_tokens|torch_.*");

  void adjust(Set<String> known) {
    if (kept.layers() == 1) {
      return;
    }
    for (Map.Entry<String, JsonNode> setting : ImmutableList.copyOf(settings.properties())) {
      String key = setting.getKey();
      if (setting.getValue() instanceof ArrayNode list
          && list.size() == kept.layers()
          && !known.contains(key)
          && !HARMLESS.matcher(key).matches()) {
        cut(key, list);
      }
    }
  }

  private void cut(String key, ArrayNode list) {
    if (Streams.stream(list).distinct().count() > 1) {
      throw refused(key, list);
    }
    ArrayNode cut = settings.putArray(key);
    kept.attention().forEach(layer -> cut.add(list.get(layer)));
  }

  private UnsupportedModelException refused(String key, ArrayNode list) {
    return source.unsupported(
        key
            + " is "
            + list
            + ", as many different entries as the graph has layers, and Tale does not know whether"
            + " one belongs to each layer. Use a model whose layers are all alike, or delete the"
            + " setting if no client reads it");
  }
}
