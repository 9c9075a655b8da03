package dev.tale.onnx.folder;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Iterators;
import com.google.common.collect.Streams;
import dev.tale.model.Granularity;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/**
 * Lists and maps among the settings that speak of layers. Which they are, and of which part of a
 * layer they speak, the tables say for the names that published models have; of other lists their
 * content and length do:
 *
 * <ul>
 *   <li>As many entries as layers, of any kind: one for each layer, cut with them. Whether they
 *       speak of attention or of the feed-forward part is not known, so with parts as the unit they
 *       are refused unless all are the same.
 *   <li>As many entries as layers that are all the layers' indices, each once: either reading is
 *       possible, and they differ; refused.
 *   <li>As many entries as layers and as heads or experts, under a name that speaks of these:
 *       refused likewise.
 *   <li>Another number of entries under a name that ends as those of lists of indices do, or of
 *       whole numbers under one that speaks of layers: refused, for they may count layers or the
 *       states between them, from either end.
 *   <li>A map by index, and names of modules that have one: see {@link LayerKeys}.
 *   <li>Anything else has nothing to do with layers.
 * </ul>
 *
 * The same holds of lists in lists and maps, but for maps that are another model's settings.
 */
record LayerLists(Source source, ObjectNode settings, KeptLayers kept) {
  /** For each layer, 1 where it has rotary positions. */
  static final String NO_ROPE_LAYERS = "no_rope_layers";

  private static final int MAX_SHOWN = 200;

  /** Lists with one entry for each layer. */
  private static final ImmutableMap<String, Part> ONE_PER_LAYER =
      ImmutableMap.<String, Part>builder()
          .put("layer_types", Part.ATTENTION) // Gemma, Qwen, gpt-oss, LFM2, MiniMax and others
          .put("layers_block_type", Part.ATTENTION) // Granite hybrid, Jamba, Zamba
          .put(NO_ROPE_LAYERS, Part.ATTENTION) // SmolLM3, Llama 4: 1 where there are positions
          .put("attention_layers", Part.ATTENTION) // GPT-Neo: global or local, beside its types
          .put("attn_type_list", Part.ATTENTION) // MiniMax: 1 where it is not linear
          .put("hybrid_layer_pattern", Part.ATTENTION) // MiMo: 1 where there is a window
          .put("num_query_heads", Part.ATTENTION) // OpenELM
          .put("num_kv_heads", Part.ATTENTION) // OpenELM
          .put("num_key_value_heads_per_layer", Part.ATTENTION) // DeciLM
          .put("mlp_layer_types", Part.FEED_FORWARD) // mixtures: sparse or dense
          .put("moe_layer_freq", Part.FEED_FORWARD) // MiMo, if a list: 1 where there are experts
          .put("ffn_multipliers", Part.FEED_FORWARD) // OpenELM
          .put("intermediate_size", Part.FEED_FORWARD) // Gemma 3n, if a list
          .put("activation_sparsity_pattern", Part.FEED_FORWARD) // Gemma 3n
          .put("num_experts", Part.FEED_FORWARD) // Hunyuan, if a list
          .put("moe_topk", Part.FEED_FORWARD) // Hunyuan, if a list
          .put("block_configs", Part.WHOLE) // Llama-Nemotron
          .buildOrThrow();

  /** Those of them that are nothing else, and not empty. */
  private static final ImmutableSet<String> ALWAYS_LISTS =
      ImmutableSet.of("layer_types", "mlp_layer_types");

  /** Lists of layers, by index from 0. */
  private static final ImmutableMap<String, Part> INDICES =
      ImmutableMap.<String, Part>builder()
          .put("attn_layer_indices", Part.ATTENTION) // Bamba: the others are Mamba
          .put("full_attn_idxs", Part.ATTENTION) // LFM2: the others are convolutions
          .put("hybrid_layer_ids", Part.WHOLE) // Zamba 2: those with the shared block
          .put("cross_attention_layers", Part.ATTENTION) // Llama 3.2 Vision
          .put("mlp_only_layers", Part.FEED_FORWARD) // Qwen mixtures: those that are dense
          .put("moe_layers", Part.FEED_FORWARD) // Llama 4
          .buildOrThrow();

  /** A list that repeats itself from its end on, as in RecurrentGemma. */
  private static final String BLOCK_TYPES = "block_types";

  /** A text with one character for each layer, as in Nemotron-H. */
  private static final String LETTERS = "hybrid_override_pattern";

  /** Pairs of a list and how often it comes, as in GPT-Neo: {@code [[["global", "local"], 6]]}. */
  private static final String ATTENTION_TYPES = "attention_types";

  /** Names that end as those of lists of indices do. */
  private static final Pattern LIKE_INDICES =
      Pattern.compile(".*_layers|.*_layers?_(ids|idx|indices)|.*_idxs");

  /** Names that speak of layers; of those, whole numbers may be indices or counts. */
  private static final Pattern OF_LAYERS = Pattern.compile("(?i).*(layer|block).*");

  /** Settings that count something else of which there may be a list, by its name in the list's. */
  private static final ImmutableMap<String, ImmutableSet<String>> OTHER_COUNTS =
      ImmutableMap.of(
          "expert",
          ImmutableSet.of("num_experts", "num_local_experts", "n_routed_experts"),
          "head",
          ImmutableSet.of("num_attention_heads", "num_key_value_heads", "n_head", "num_heads"));

  /** Lists of something else, whatever their length. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "architectures|keys_to_ignore_at_inference|languages|bad_words_ids|forced_decoder_ids"
              + "|.*_token_ids?|.*_tokens|torch_.*|time_step_limit|axial_pos_.*"
              + "|conv_(dim|kernel|stride)|tdnn_.*|out_features|stage_names|datasets?|tags");

  /**
   * Maps of something else: of what is read elsewhere, of positions, of labels, of other models.
   */
  private static final Pattern HARMLESS_MAPS =
      Pattern.compile(
          "text_config|pruned_heads|sliding_window|rope_(scaling|parameters)|id2label|label2id|auto_map"
              + "|task_specific_params|transformers\\.js_config"
              + "|(vision|audio|image|video|speech)(_[a-z]+)*_(config|cfg|args)");

  /** The part of a layer that an entry speaks of. */
  private enum Part {
    ATTENTION,
    FEED_FORWARD,
    WHOLE
  }

  /** Returns the known names of those lists that are among the settings. */
  static ImmutableList<String> namesIn(JsonNode settings) {
    return Streams.concat(ONE_PER_LAYER.keySet().stream(), INDICES.keySet().stream())
        .filter(name -> settings.path(name).isArray())
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Adjusts them in place.
   *
   * @throws UnsupportedModelException if one of them cannot be adjusted
   */
  void adjust() {
    for (Map.Entry<String, JsonNode> setting : ImmutableList.copyOf(settings.properties())) {
      String key = setting.getKey();
      if (setting.getValue() instanceof ArrayNode list && !list.isEmpty()) {
        adjust(key, list);
      } else if (setting.getValue() instanceof ObjectNode map) {
        adjust(key, map);
      } else if (key.equals(LETTERS) && setting.getValue().isTextual()) {
        cutLetters(setting.getValue().textValue());
      } else if (ALWAYS_LISTS.contains(key) && !setting.getValue().isNull()) {
        requireLength(key, setting.getValue());
      }
    }
  }

  private void adjust(String key, ArrayNode list) {
    Part onePerLayer = ONE_PER_LAYER.get(key);
    Part indices = INDICES.get(key);
    if (key.equals(ATTENTION_TYPES)) {
      cutRuns(list);
    } else if (key.equals(BLOCK_TYPES)) {
      cut(key, layer -> list.get(layer % list.size()), kept.attention());
    } else if (onePerLayer != null) {
      requireLength(key, list);
      cut(key, list::get, stay(key, list, onePerLayer));
    } else if (indices != null) {
      renumber(key, list, stay(key, list, indices));
    } else if (!HARMLESS.matcher(key).matches() && kept.layers() > 1) {
      unknown(key, list);
    }
  }

  private void adjust(String key, ObjectNode map) {
    LayerKeys keys = new LayerKeys(source, kept);
    if (HARMLESS_MAPS.matcher(key).matches() || Settings.areIn(map) || kept.layers() == 1) {
      return;
    }
    if (keys.areIndices(key, map)) {
      keys.renumber(key, map, stay(key, JsonFile.array(map), Part.WHOLE));
    } else if (keys.mayBeIndices(map) || LayerKeys.mayBeNames(map.fieldNames())) {
      throw refused(
          key,
          map,
          "may speak of layers by their index, but Tale does not know, and after a removal it would"
              + " speak of others");
    } else {
      if (LayerKeys.haveNames(map.fieldNames())) {
        requireWholeLayers(key, map);
        keys.rename(map);
      }
      new LayerLists(source, map, kept).adjust();
    }
  }

  private void unknown(String key, ArrayNode list) {
    boolean mayBeNames =
        LayerKeys.mayBeNames(Iterators.transform(list.elements(), JsonNode::asText));
    if (!mayBeNames
        && LayerKeys.haveNames(Iterators.transform(list.elements(), JsonNode::asText))) {
      requireWholeLayers(key, list);
      new LayerKeys(source, kept).rename(list);
    } else if (list.size() == kept.layers()) {
      requireOneReading(key, list);
      cut(key, list::get, stay(key, list, Part.WHOLE));
    } else if (mayBeNames || isLikeIndices(key, list)) {
      throw refused(
          key,
          list,
          "seems to list layers by their index, but Tale does not know what it counts, and after a"
              + " removal it would name others");
    } else {
      inner(key, list);
    }
  }

  private static boolean isLikeIndices(String key, ArrayNode list) {
    return LIKE_INDICES.matcher(key).matches()
        || (OF_LAYERS.matcher(key).matches() && Streams.stream(list).allMatch(JsonNode::isInt));
  }

  private void requireOneReading(String key, ArrayNode list) {
    OTHER_COUNTS.forEach(
        (unit, counts) -> {
          if (key.contains(unit)
              && counts.stream().anyMatch(count -> settings.path(count).asInt() == list.size())) {
            throw refused(
                key,
                list,
                "may be one for each layer or for each "
                    + unit
                    + ", of which there are as many; after a removal the two would differ");
          }
        });
    if (areIndices(list)) {
      throw refused(
          key,
          list,
          "may be one number for each layer or all layers by their index; after a removal the two"
              + " would differ");
    }
    if (Streams.stream(list).anyMatch(entry -> entry.isArray() && entry.size() == list.size())) {
      throw refused(
          key, list, "may be a list for each layer, in which each layer has an entry, or not");
    }
  }

  /** What is in a list that is not of layers. */
  private void inner(String key, ArrayNode list) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof ObjectNode map) {
        adjust(key, map);
      } else if (list.get(i) instanceof ArrayNode inside && !inside.isEmpty()) {
        ObjectNode one = JsonFile.object();
        one.set(key, inside);
        new LayerLists(source, one, kept).unknown(key, inside);
        list.set(i, one.get(key));
      }
    }
  }

  private boolean areIndices(ArrayNode list) {
    return Streams.stream(list).allMatch(this::isIndex) && areDistinct(list);
  }

  private static boolean areDistinct(ArrayNode list) {
    return Streams.stream(list).distinct().count() == list.size();
  }

  private boolean isIndex(JsonNode entry) {
    return entry.isInt() && entry.intValue() >= 0 && entry.intValue() < kept.layers();
  }

  /** Llama 4 and SmolLM3 do not mind a list that is too long. */
  private void requireLength(String key, JsonNode list) {
    boolean mayBeLonger = key.equals(NO_ROPE_LAYERS) && list.size() > kept.layers();
    if (list.size() != kept.layers() && !mayBeLonger) {
      throw source.unsupported(
          key
              + " has "
              + list.size()
              + " entries, but the graph has "
              + kept.layers()
              + " layers; graph and settings are not of one model. Put the right file there");
    }
  }

  /** Whether parts can go is asked before a search, so of the unit, not of what is removed. */
  private List<Integer> stay(String key, ArrayNode list, Part part) {
    if (part == Part.WHOLE && ImmutableSet.copyOf(list).size() > 1) {
      requireWholeLayers(key, list);
    }
    return part == Part.FEED_FORWARD ? kept.feedForward() : kept.attention();
  }

  private void requireWholeLayers(String key, JsonNode value) {
    if (kept.granularity() == Granularity.SUBLAYER) {
      throw refused(
          key,
          value,
          "speaks of whole layers, or Tale does not know of which part of them, so they can only be"
              + " removed as a whole");
    }
  }

  private void cut(String key, IntFunction<JsonNode> entries, List<Integer> stay) {
    ArrayNode cut = settings.putArray(key);
    stay.forEach(layer -> cut.add(entries.apply(layer)));
  }

  private void cutLetters(String letters) {
    List<JsonNode> blocks =
        letters
            .chars()
            .<JsonNode>mapToObj(letter -> TextNode.valueOf(Character.toString(letter)))
            .toList();
    ArrayNode list = JsonFile.array(blocks);
    requireLength(LETTERS, list);
    String cut =
        stay(LETTERS, list, Part.WHOLE).stream()
            .map(layer -> letters.substring(layer, layer + 1))
            .collect(joining());
    settings.put(LETTERS, cut);
  }

  private void cutRuns(ArrayNode runs) {
    List<JsonNode> types = new ArrayList<>();
    for (JsonNode run : runs) {
      int times = Math.min(run.path(1).asInt(), kept.layers() + 1);
      for (int i = 0; i < times && types.size() <= kept.layers(); i++) {
        run.path(0).forEach(types::add);
      }
    }
    requireLength(ATTENTION_TYPES, JsonFile.array(types));
    ArrayNode cut = settings.putArray(ATTENTION_TYPES);
    for (int layer : kept.attention()) {
      cut.addArray().add(JsonFile.array(List.of(types.get(layer)))).add(1);
    }
  }

  private void renumber(String key, ArrayNode list, List<Integer> stay) {
    if (!areDistinct(list)) {
      throw refused(
          key,
          list,
          "should list layers by their index, but may be a flag for each: some come twice");
    }
    ArrayNode renumbered = settings.putArray(key);
    for (JsonNode entry : list) {
      if (!isIndex(entry)) {
        throw source.unsupported(
            key
                + " has "
                + entry
                + ", but the graph has "
                + kept.layers()
                + " layers, counted from 0; graph and settings are not of one model. Put the right"
                + " file there");
      }
      int place = stay.indexOf(entry.intValue());
      if (place >= 0) {
        renumbered.add(place);
      }
    }
  }

  private UnsupportedModelException refused(String key, JsonNode list, String why) {
    return source.unsupported(
        key
            + " is "
            + Ascii.truncate(list.toString(), MAX_SHOWN, "...")
            + ", which "
            + why
            + ". Delete the setting if no client reads it, or use a model without it");
  }
}
