package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import dev.tale.onnx.graph.Source;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Indices of layers in texts: maps by index, as {@code {"0": ..., "3": ...}}, and names of modules
 * that have one, as {@code model.layers.3.mlp} among those that were not quantized. They are
 * renumbered, and go with their layer.
 *
 * @param source the file
 * @param kept the layers that stay
 */
record LayerKeys(Source source, KeptLayers kept) {
  private static final Pattern INDEX = Pattern.compile("0|[1-9]\\d{0,8}");

  /** Names of settings that speak of layers. */
  private static final Pattern OF_LAYERS = Pattern.compile("(?i).*(layer|block).*");

  /** The list of layers as models call it, before an index; in an expression the dot is escaped. */
  private static final Pattern MODULE =
      Pattern.compile(
          "(.*(?<![A-Za-z0-9])(?:layers|layer|h|blocks|block)\\\\?\\.)(\\d{1,9})(\\D.*)?");

  /** Other texts that may name a layer: {@code layer_3}, {@code Block3}, {@code 03}. */
  private static final Pattern LIKE_NAME =
      Pattern.compile("(?i)(.*[^a-z])?(layer|block)s?[_ -]?\\d{1,9}|0\\d{1,8}");

  /** Whether the keys are indices of layers: all layers', or some under a name that says so. */
  boolean areIndices(String setting, ObjectNode map) {
    return !map.isEmpty()
        && Streams.stream(map.fieldNames()).allMatch(key -> INDEX.matcher(key).matches())
        && (OF_LAYERS.matcher(setting).matches() || keys(map).equals(allIndices()));
  }

  private ImmutableSet<String> allIndices() {
    return IntStream.range(0, kept.layers())
        .mapToObj(String::valueOf)
        .collect(ImmutableSet.toImmutableSet());
  }

  private static ImmutableSet<String> keys(ObjectNode map) {
    return ImmutableSet.copyOf(map.fieldNames());
  }

  /**
   * Whether the keys could be some layers' indices, which nothing says.
   *
   * @param map one that {@link #areIndices} is false of
   */
  boolean mayBeIndices(ObjectNode map) {
    return !map.isEmpty() && allIndices().containsAll(keys(map));
  }

  /**
   * Renumbers the keys of a map by index.
   *
   * @throws dev.tale.model.UnsupportedModelException if one is no layer's
   */
  void renumber(String setting, ObjectNode map, List<Integer> stay) {
    Map<String, JsonNode> entries = ImmutableMap.copyOf(map.properties());
    map.removeAll();
    entries.forEach(
        (key, value) -> {
          int layer = Integer.parseInt(key);
          if (layer >= kept.layers()) {
            throw source.unsupported(
                setting
                    + " speaks of layer "
                    + key
                    + ", but the graph has "
                    + kept.layers()
                    + " layers, counted from 0; graph and settings are not of one model. Put the"
                    + " right file there");
          }
          if (stay.contains(layer)) {
            map.set(String.valueOf(stay.indexOf(layer)), value);
          }
        });
  }

  /** Renames the keys that are names of layers' modules. */
  void rename(ObjectNode map) {
    Map<String, JsonNode> entries = ImmutableMap.copyOf(map.properties());
    map.removeAll();
    entries.forEach((key, value) -> renamed(key).ifPresent(name -> map.set(name, value)));
  }

  /** Whether some of these are names of layers' modules. */
  static boolean haveNames(Iterator<String> texts) {
    return Streams.stream(texts).anyMatch(text -> MODULE.matcher(text).matches());
  }

  /** Whether some of these may name layers, in a way that is not known. */
  static boolean mayBeNames(Iterator<String> texts) {
    return Streams.stream(texts).anyMatch(text -> LIKE_NAME.matcher(text).matches());
  }

  /** Renames those of a list. */
  void rename(ArrayNode list) {
    List<JsonNode> entries = new ArrayList<>();
    list.forEach(entries::add);
    list.removeAll();
    for (JsonNode entry : entries) {
      if (entry.isTextual()) {
        renamed(entry.textValue()).ifPresent(list::add);
      } else {
        list.add(entry);
      }
    }
  }

  /** The name after the removal, or nothing where its layer is gone. */
  private Optional<String> renamed(String name) {
    Matcher module = MODULE.matcher(name);
    if (!module.matches() || Integer.parseInt(module.group(2)) >= kept.layers()) {
      return Optional.of(name);
    }
    int place = kept.attention().indexOf(Integer.parseInt(module.group(2)));
    String rest = module.group(3) == null ? "" : module.group(3);
    return place < 0 ? Optional.empty() : Optional.of(module.group(1) + place + rest);
  }
}
