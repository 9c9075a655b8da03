package dev.tale.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.DataFormatException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * One row of a data file.
 *
 * @param file the file, as it was given
 * @param place where the row begins: {@code line 17}, counted from 1 as editors count; {@code line
 *     1, row 17} where a row before it begins on the same line; {@code row 17} of a Parquet file
 * @param fields the row's fields in the file's order; a CSV field is always text, a JSON number
 *     keeps all its digits
 */
public record DataRow(Path file, String place, ObjectNode fields) {
  /** Checks that nothing is null. */
  public DataRow {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(place, "place");
    Objects.requireNonNull(fields, "fields");
  }

  /**
   * Returns the exception that refuses this row.
   *
   * @param problem what is wrong, its value, the limit and the remedy
   */
  public DataFormatException refusal(String problem) {
    return new DataFormatException(file, place, problem);
  }
}
