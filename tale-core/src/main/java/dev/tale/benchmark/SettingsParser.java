package dev.tale.benchmark;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads YAML or JSON into {@link Setting}s. A description needs none of YAML's references and
 * types, so anchors, aliases and tags are refused: nothing can grow on reading, and what a value is
 * depends on nothing but the place where it is used.
 */
final class SettingsParser {
  private static final JsonFactory JSON = new JsonFactory();
  private static final YAMLFactory YAML = new YAMLFactory();

  private final Path file;
  private final JsonParser parser;

  private SettingsParser(Path file, JsonParser parser) {
    this.file = file;
    this.parser = parser;
  }

  /** The mapping that a text is. */
  static Setting.Keys parse(Path file, String text) throws IOException {
    boolean json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
    try (JsonParser parser = (json ? JSON : YAML).createParser(text)) {
      return new SettingsParser(file, parser).document();
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
      throw new DataFormatException(
          file,
          "line " + line,
          "is not "
              + (json ? "JSON" : "YAML")
              + ": "
              + e.getOriginalMessage().strip().replaceAll("\\s+", " ")
              + "; mend it",
          e);
    }
  }

  private Setting.Keys document() throws IOException {
    if (parser.nextToken() == null) {
      throw new DataFormatException(file, "is empty; write the description of a task");
    }
    Setting.Keys keys = value("The description").keys("The description");
    if (parser.nextToken() != null) {
      throw place().refused("holds a second document; write one task to a file");
    }
    return keys;
  }

  private Setting value(String what) throws IOException {
    refuseReferences(what);
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return keys();
    }
    if (token == JsonToken.START_ARRAY) {
      return items(what);
    }
    if (token == JsonToken.VALUE_NULL) {
      throw place().refused(what + " has no value; write one, or leave it out");
    }
    return new Setting.Scalar(place(), parser.getText());
  }

  private void refuseReferences(String what) throws IOException {
    if (parser.getTypeId() != null) {
      throw place().refused(what + " has the tag !" + parser.getTypeId() + "; leave it out");
    }
    boolean alias = parser instanceof YAMLParser yaml && yaml.isCurrentAlias();
    if (alias || parser.getObjectId() != null) {
      throw place()
          .refused(
              what
                  + (alias ? " is an alias (*)" : " has an anchor (&)")
                  + ", which descriptions do not have; write the value out");
    }
  }

  private Setting.Items items(String what) throws IOException {
    Place place = place();
    List<Setting> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value("Item " + (items.size() + 1) + " of " + what));
    }
    return new Setting.Items(place, List.copyOf(items));
  }

  private Setting.Keys keys() throws IOException {
    Place place = place();
    Map<String, Setting> keys = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      Place here = place();
      parser.nextToken();
      Setting earlier = keys.put(key, value(key));
      if (earlier != null) {
        throw here.refused(
            key + " is also on line " + earlier.place().line() + "; leave one of them out");
      }
    }
    return new Setting.Keys(place, keys);
  }

  private Place place() {
    return new Place(file, Math.max(1, parser.currentTokenLocation().getLineNr()));
  }
}
