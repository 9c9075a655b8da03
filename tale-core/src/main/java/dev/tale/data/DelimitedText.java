package dev.tale.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.tale.model.DataFormatException;
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
  private final Path file;
  private final List<DataRow> rows = new ArrayList<>();
  private List<String> columns;

  private DelimitedText(Path file, List<String> columns) {
    this.file = file;
    this.columns = columns;
  }

  static List<DataRow> read(Path file, char separator, List<String> columns) throws IOException {
    DelimitedText text = new DelimitedText(file, columns);
    try (CsvReader<CsvRecord> records = records(file, separator)) {
      for (CsvRecord next : records) {
        text.add(next);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      throw text.unreadable(e);
    }
    return text.rows;
  }

  private static CsvReader<CsvRecord> records(Path file, char separator) throws IOException {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .allowUnclosedQuote(false)
        .maxBufferSize(StrictJson.MAX_LENGTH)
        .build(
            CsvRecordHandler.builder().maxFieldSize(StrictJson.MAX_LENGTH).build(),
            Utf8Reader.open(file));
  }

  private void add(CsvRecord next) throws DataFormatException {
    if (columns.isEmpty()) {
      columns = header(next);
      return;
    }
    if (next.getFieldCount() != columns.size()) {
      throw refusal(
          next,
          "The row has "
              + next.getFieldCount()
              + " fields, the file "
              + columns.size()
              + " columns "
              + columns
              + "; quote fields that hold separators, quotes or line breaks");
    }
    ObjectNode fields = StrictJson.MAPPER.createObjectNode();
    for (int i = 0; i < columns.size(); i++) {
      fields.put(columns.get(i), next.getField(i));
    }
    rows.add(new DataRow(file, place(next), fields));
  }

  private List<String> header(CsvRecord next) throws DataFormatException {
    Set<String> names = new HashSet<>();
    for (String name : next.getFields()) {
      if (!names.add(name)) {
        throw refusal(
            next, "The header names the column \"" + name + "\" twice; give each its own name");
      }
    }
    return next.getFields();
  }

  private DataFormatException refusal(CsvRecord at, String problem) {
    return new DataFormatException(file, place(at), problem);
  }

  private static String place(CsvRecord at) {
    return LineCounter.place(at.getStartingLineNumber());
  }

  private DataFormatException unreadable(CsvParseException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (cause instanceof DataFormatException refused) {
      return refused;
    }
    return new DataFormatException(file, e.toString());
  }
}
