package dev.tale.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JSON Lines: one object on every line that is not blank. */
final class JsonLines {
  private final Path file;
  private final LineReader lines;

  private JsonLines(Path file, Reader text) {
    this.file = file;
    this.lines = new LineReader(file, text, StrictJson.MAX_LENGTH);
  }

  static List<DataRow> read(Path file) throws IOException {
    try (Utf8Reader text = Utf8Reader.open(file)) {
      return new JsonLines(file, text).rows();
    }
  }

  private List<DataRow> rows() throws IOException {
    List<DataRow> rows = new ArrayList<>();
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (!isBlank(line)) {
        rows.add(new DataRow(file, lines.place(), object(line)));
      }
    }
    return rows;
  }

  private ObjectNode object(String line) throws IOException {
    JsonNode value = value(line);
    if (value instanceof ObjectNode object) {
      return object;
    }
    throw refusal(
        "The line holds "
            + StrictJson.kind(value)
            + ", not an object; JSON Lines has one object per line, and a file that is one JSON"
            + " array is named .json");
  }

  private JsonNode value(String line) throws IOException {
    try (JsonParser json = StrictJson.MAPPER.createParser(line)) {
      JsonNode value = StrictJson.value(json);
      if (json.nextToken() != null) {
        throw refusal(
            "The line goes on after its object, "
                + StrictJson.column(json.currentTokenLocation())
                + "; JSON Lines has one object per line");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new DataFormatException(file, lines.place(), StrictJson.problem(e), e);
    }
  }

  private DataFormatException refusal(String problem) {
    return new DataFormatException(file, lines.place(), problem);
  }

  /** Only what JSON calls white space; anything else is a row or an error. */
  private static boolean isBlank(String line) {
    return line.chars().allMatch(c -> c == ' ' || c == '\t');
  }
}
