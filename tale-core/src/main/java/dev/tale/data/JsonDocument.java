package dev.tale.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that is one JSON value: an array of rows, or an object with one such array beside other
 * things. Many files named {@code .json} are JSON Lines and are read as that.
 */
final class JsonDocument {
  private final Path file;
  private final JsonParser json;

  private JsonDocument(Path file, JsonParser json) {
    this.file = file;
    this.json = json;
  }

  static List<DataRow> read(Path file) throws IOException {
    if (isJsonLines(file)) {
      return JsonLines.read(file);
    }
    try (JsonParser json = StrictJson.MAPPER.createParser(Utf8Reader.open(file))) {
      return new JsonDocument(file, json).rows();
    }
  }

  /** Whether the first value is an object on one line and another follows on a later line. */
  private static boolean isJsonLines(Path file) throws IOException {
    try (JsonParser json = StrictJson.MAPPER.createParser(Utf8Reader.open(file))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      int line = json.currentTokenLocation().getLineNr();
      json.skipChildren();
      return json.currentTokenLocation().getLineNr() == line
          && json.nextToken() == JsonToken.START_OBJECT
          && json.currentTokenLocation().getLineNr() > line;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private List<DataRow> rows() throws IOException {
    try {
      List<DataRow> rows = document();
      if (json.nextToken() != null) {
        throw refusal("The file goes on after its JSON value; mend it or fetch it again");
      }
      return rows;
    } catch (JsonProcessingException e) {
      throw new DataFormatException(file, place(), StrictJson.problem(e), e);
    }
  }

  private List<DataRow> document() throws IOException {
    JsonToken first = json.nextToken();
    if (first == null) {
      return List.of();
    }
    return switch (first) {
      case START_ARRAY -> array();
      case START_OBJECT -> object();
      default -> throw refusal("The file holds neither an array of rows nor an object");
    };
  }

  private List<DataRow> object() throws IOException {
    List<DataRow> rows = null;
    String rowsName = "";
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.START_ARRAY) {
        json.skipChildren();
      } else if (rows != null) {
        throw refusal(
            "The object has the two arrays \""
                + rowsName
                + "\" and \""
                + name
                + "\", and only one can be the rows; give a file with one of them");
      } else {
        rowsName = name;
        rows = array();
      }
    }
    if (rows == null) {
      throw refusal("The object has no array of rows; give an array, or name it .jsonl");
    }
    return rows;
  }

  private List<DataRow> array() throws IOException {
    List<DataRow> rows = new ArrayList<>();
    int lineBefore = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        throw refusal("Row " + (rows.size() + 1) + " of the array is not an object");
      }
      int line = json.currentLocation().getLineNr();
      // Many programs write the whole array on one line: its rows need names of their own.
      String place = line == lineBefore ? place() + ", row " + (rows.size() + 1) : place();
      lineBefore = line;
      rows.add(new DataRow(file, place, (ObjectNode) StrictJson.value(json)));
    }
    return rows;
  }

  private String place() {
    return LineCounter.place(json.currentLocation().getLineNr());
  }

  private DataFormatException refusal(String problem) {
    return new DataFormatException(file, place(), problem);
  }
}
