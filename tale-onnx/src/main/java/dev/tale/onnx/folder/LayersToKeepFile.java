package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.Streams;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code layers_to_keep.json}: which layers of the original model are in the pruned one,
 * for those who prune the checkpoint that it was exported from. Indices are 0-based and those of
 * that checkpoint, even if layers had been removed before.
 *
 * <pre>{@code
 * {
 *   "format": 1,
 *   "granularity": "layer",
 *   "original_layers": 4,
 *   "layers_to_keep": [0, 2, 3],
 *   "layers_removed": [1]
 * }
 * }</pre>
 *
 * <p>Where parts of layers were removed, {@code granularity} is {@code "sublayer"}, and {@code
 * attention_to_keep}, {@code attention_removed}, {@code mlp_to_keep} and {@code mlp_removed} say
 * the same of the attention and the feed-forward parts; the two lists of whole layers are there
 * only if no layer has lost just one part.
 *
 * <p>Where layers had been removed before and it is not known exactly which, {@code
 * earlier_removals} is {@code "unknown"}: indices and {@code original_layers} are those of the
 * model that was pruned last, and there is no {@code mergekit.yaml}.
 */
final class LayersToKeepFile {
  static final String NAME = "layers_to_keep.json";

  static final String ORIGINAL_LAYERS = "original_layers";

  private static final int FORMAT = 1;
  private static final String FORMAT_KEY = "format";
  private static final String EARLIER_REMOVALS = "earlier_removals";
  private static final String LAYERS = "layers";
  private static final String ATTENTION = "attention";
  private static final String FEED_FORWARD = "mlp";
  private static final String TO_KEEP = "_to_keep";
  private static final String REMOVED = "_removed";

  private LayersToKeepFile() {}

  /** Returns the file for what stays of the original checkpoint. */
  static byte[] of(KeptLayers kept) {
    return withLists(file(kept), kept);
  }

  /** Returns the file for what stays of a model that was pruned before, nobody knows how. */
  static byte[] ofUnknownOrigin(KeptLayers kept) {
    return withLists(file(kept).put(EARLIER_REMOVALS, "unknown"), kept);
  }

  /** Returns the layers of the original checkpoint, or none if a file does not tell them. */
  static List<Integer> wholeLayers(ObjectNode file) {
    JsonNode stay = file.path(LAYERS + TO_KEEP);
    boolean told =
        file.path(FORMAT_KEY).asInt() == FORMAT
            && !file.has(EARLIER_REMOVALS)
            && Streams.stream(stay).allMatch(JsonNode::isInt);
    return told ? Streams.stream(stay).map(JsonNode::intValue).toList() : List.of();
  }

  /** Returns which parts of layers were removed, for people, if parts were. */
  static Optional<String> removedParts(ObjectNode file) {
    JsonNode attention = file.path(ATTENTION + REMOVED);
    JsonNode feedForward = file.path(FEED_FORWARD + REMOVED);
    return attention.equals(feedForward)
        ? Optional.empty()
        : Optional.of("attention " + attention + " and mlp " + feedForward);
  }

  private static ObjectNode file(KeptLayers kept) {
    return JsonFile.object()
        .put(FORMAT_KEY, FORMAT)
        .put("granularity", kept.granularity().toString())
        .put(ORIGINAL_LAYERS, kept.layers());
  }

  private static byte[] withLists(ObjectNode file, KeptLayers kept) {
    if (kept.areWhole()) {
      put(file, LAYERS, kept, kept.attention());
    }
    switch (kept.granularity()) {
      case LAYER -> {}
      case SUBLAYER -> {
        put(file, ATTENTION, kept, kept.attention());
        put(file, FEED_FORWARD, kept, kept.feedForward());
      }
    }
    return JsonFile.compactBytes(file);
  }

  private static void put(ObjectNode file, String what, KeptLayers kept, List<Integer> stay) {
    ArrayNode toKeep = file.putArray(what + TO_KEEP);
    stay.forEach(toKeep::add);
    ArrayNode removed = file.putArray(what + REMOVED);
    kept.others(stay).forEach(removed::add);
  }
}
