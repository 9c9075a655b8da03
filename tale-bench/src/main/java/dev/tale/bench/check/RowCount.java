package dev.tale.bench.check;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/** Counts the rows of a data file by its marks alone, to be compared with what a reader found. */
final class RowCount {
  private RowCount() {}

  static long of(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".parquet")) {
      return parquet(file);
    }
    if (name.endsWith(".json")) {
      return json(file);
    }
    return name.endsWith(".csv") || name.endsWith(".tsv") ? delimited(file) : lines(file);
  }

  /** What the file itself says; its rows are compressed. */
  private static long parquet(Path file) throws IOException {
    String query = "SELECT CAST(SUM(num_rows) AS BIGINT) FROM parquet_file_metadata(?)";
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, file.toAbsolutePath().toString().replaceAll("[\\[*?]", "[$0]"));
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getLong(1);
      }
    } catch (SQLException e) {
      throw new IOException("The rows of " + file + " cannot be counted: " + e.getMessage(), e);
    }
  }

  private static long lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).count();
  }

  /** Line feeds outside of quotation marks; a header is a row here, as MMLU's files have none. */
  private static long delimited(Path file) throws IOException {
    long rows = 0;
    boolean quoted = false;
    boolean open = false;
    for (byte each : Files.readAllBytes(file)) {
      quoted ^= each == '"';
      boolean end = each == '\n' && !quoted;
      rows += end && open ? 1 : 0;
      open = !end && (open || each != '\r');
    }
    return open ? rows + 1 : rows;
  }

  /** Objects in the outermost list. */
  private static long json(Path file) throws IOException {
    long rows = 0;
    int lists = 0;
    int objects = 0;
    int around = 0;
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        switch (token) {
          case START_ARRAY -> {
            around = lists == 0 ? objects : around;
            lists++;
          }
          case END_ARRAY -> lists--;
          case END_OBJECT -> objects--;
          case START_OBJECT -> {
            rows += lists == 1 && objects == around ? 1 : 0;
            objects++;
          }
          default -> {}
        }
      }
    }
    return rows;
  }
}
