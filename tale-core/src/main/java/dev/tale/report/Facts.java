package dev.tale.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.MapDifference;
import com.google.common.collect.Maps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What two texts of one kind say, fact by fact. */
final class Facts {
  private Facts() {}

  /**
   * Returns the values of a JSON tree by their path, such as {@code rounds[2].floor}; a list of
   * plain values is one value.
   */
  static Map<String, String> of(String path, JsonNode node) {
    Map<String, String> facts = new LinkedHashMap<>();
    add(facts, path, node);
    return facts;
  }

  private static void add(Map<String, String> facts, String path, JsonNode node) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  add(
                      facts,
                      path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                      field.getValue()));
    } else if (node.isArray() && !node.isEmpty() && node.get(0).isContainerNode()) {
      for (int i = 0; i < node.size(); i++) {
        add(facts, path + "[" + i + "]", node.get(i));
      }
    } else {
      facts.put(path, node.isContainerNode() ? node.toString() : node.asText());
    }
  }

  /**
   * The differences, in the order of the earlier facts; those that only the later have come last.
   */
  static List<Difference> compare(Map<String, String> before, Map<String, String> after) {
    MapDifference<String, String> difference = Maps.difference(before, after);
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    names.removeAll(difference.entriesInCommon().keySet());
    List<Difference> differences = new ArrayList<>();
    for (String name : names) {
      differences.add(
          difference(
              name,
              before.getOrDefault(name, Difference.ABSENT),
              after.getOrDefault(name, Difference.ABSENT)));
    }
    return List.copyOf(differences);
  }

  /** Outcomes are a character for each row: what is to be said of them is how many differ. */
  private static Difference difference(String name, String before, String after) {
    if (!name.endsWith("outcomes") || before.length() != after.length()) {
      return new Difference(name, before, after);
    }
    long rows = before.chars().count();
    int others = 0;
    for (int row = 0; row < rows; row++) {
      others += before.charAt(row) != after.charAt(row) ? 1 : 0;
    }
    return new Difference(name, rows + " rows", "otherwise on " + others + " of them");
  }
}
