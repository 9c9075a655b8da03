package dev.tale.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.tale.model.DataFormatException;
import dev.tale.text.Excerpt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * CSV and TSV as RFC 4180 has it. Every field is the text that stands there: {@code NA}, {@code
 * None}, {@code 007} and nothing at all stay text.
 */
final class DelimitedText {
  private static final List<Character> SEPARATORS = List.of(';', '\t', ',', '|');

  private final Path file;
  private final char separator;
  private final List<DataRow> rows = new ArrayList<>();
  private List<String> columns;

  private DelimitedText(Path file, char separator, List<String> columns) {
    this.file = file;
    this.separator = separator;
    this.columns = columns;
  }

  static List<DataRow> read(Path file, char separator, List<String> columns) throws IOException {
    DelimitedText text = new DelimitedText(file, separator, columns);
    DelimitedRecords handler = new DelimitedRecords();
    try (CsvReader<DelimitedRecords.Fields> records = records(file, separator, handler)) {
      for (DelimitedRecords.Fields next : records) {
        text.add(next);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      throw text.unreadable(handler.place(), e);
    }
    return text.rows;
  }

  /** Widths are checked here, where the columns are known by name. */
  private static CsvReader<DelimitedRecords.Fields> records(
      Path file, char separator, DelimitedRecords handler) throws IOException {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .allowUnclosedQuote(false)
        .maxBufferSize(StrictJson.MAX_LENGTH)
        .build(handler, Utf8Reader.open(file));
  }

  private void add(DelimitedRecords.Fields next) throws DataFormatException {
    if (columns.isEmpty()) {
      columns = header(next);
      return;
    }
    if (next.values().size() != columns.size()) {
      throw refusal(
          next,
          "The row has "
              + next.values().size()
              + " fields, the file "
              + columns.size()
              + " columns ["
              + Excerpt.ofEach(columns)
              + "]"
              + otherSeparator(next.values())
              + "; quote fields that hold separators, quotes or line breaks");
    }
    ObjectNode fields = StrictJson.MAPPER.createObjectNode();
    for (int i = 0; i < columns.size(); i++) {
      fields.put(columns.get(i), next.values().get(i));
    }
    rows.add(new DataRow(file, next.place(), fields));
  }

  private List<String> header(DelimitedRecords.Fields next) throws DataFormatException {
    String other = otherSeparator(next.values());
    if (!other.isEmpty()) {
      throw refusal(
          next,
          "The header has the one column "
              + Excerpt.of(next.values().get(0))
              + other
              + "; save it with that separator, or as a file of the ending that goes with its own:"
              + " .csv for commas, .tsv for tabs");
    }
    Set<String> names = new HashSet<>();
    for (String name : next.values()) {
      if (!names.add(name)) {
        throw refusal(
            next,
            "The header names the column \""
                + Excerpt.of(name)
                + "\" twice; give each its own name");
      }
    }
    return next.values();
  }

  /** What is said of a line that seems to have another separator; nothing if it does not. */
  private String otherSeparator(List<String> values) {
    if (values.size() > 1 || columns.size() == 1) {
      return "";
    }
    String line = values.get(0);
    return SEPARATORS.stream()
        .filter(other -> other != separator && line.indexOf(other) >= 0)
        .findFirst()
        .map(
            other ->
                String.format(
                    ", with %s in it, but fields of this file are parted by %s",
                    shown(other), shown(separator)))
        .orElse("");
  }

  private static String shown(char separator) {
    return separator == '\t' ? "tabs" : "\"" + separator + "\"";
  }

  private DataFormatException refusal(DelimitedRecords.Fields at, String problem) {
    return new DataFormatException(file, at.place(), problem);
  }

  private DataFormatException unreadable(String place, CsvParseException e) {
    return e.getCause() instanceof DataFormatException refused
        ? refused
        : new DataFormatException(
            file, place, e.getMessage() + "; double the quotes inside quoted fields", e);
  }
}
