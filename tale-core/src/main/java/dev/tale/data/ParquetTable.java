package dev.tale.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A Parquet file, read by DuckDB: it turns each row into JSON, exactly. */
final class ParquetTable {
  private static final String URL = "jdbc:duckdb:";

  /** Without hive_partitioning=false, a folder named a=b would become a column. */
  private static final String ROWS =
      "SELECT to_json(t) FROM read_parquet(?, hive_partitioning = false) t";

  private final Path file;
  private final Connection connection;

  private ParquetTable(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  static List<DataRow> read(Path file) throws IOException {
    if (!file.getFileSystem().equals(FileSystems.getDefault())) {
      throw new FileSystemException(
          file.toString(),
          null,
          "Parquet is read from the default file system alone; copy it there");
    }
    Driver driver = driver(file);
    try (Connection connection = driver.connect(URL, settings())) {
      ParquetTable table = new ParquetTable(file, connection);
      ParquetSchema.check(file, table.columns());
      return table.rows();
    } catch (LinkageError e) {
      throw unusable(file, "DuckDB, which reads Parquet files, does not run here", e);
    } catch (SQLException e) {
      throw new DataFormatException(file, "Not a readable Parquet file: " + firstLine(e), e);
    }
  }

  private static Driver driver(Path file) throws IOException {
    try {
      return DriverManager.getDriver(URL);
    } catch (SQLException e) {
      throw unusable(
          file,
          "Parquet files are read by DuckDB, which is not there; add the dependency"
              + " org.duckdb:duckdb_jdbc",
          e);
    }
  }

  private static IOException unusable(Path file, String problem, Throwable cause) {
    IOException unusable =
        new FileSystemException(
            file.toString(), null, problem + ", or convert the file to JSON Lines");
    unusable.initCause(cause);
    return unusable;
  }

  private static Properties settings() {
    Properties settings = new Properties();
    settings.setProperty("threads", "1");
    settings.setProperty("jdbc_stream_results", "true");
    settings.setProperty("autoinstall_known_extensions", "false");
    settings.setProperty("autoload_known_extensions", "false");
    return settings;
  }

  private List<ParquetSchema.Node> columns() throws SQLException {
    List<ParquetSchema.Node> nodes = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(ParquetSchema.QUERY)) {
      query.setString(1, pattern());
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          nodes.add(
              new ParquetSchema.Node(result.getString(1), result.getInt(2), result.getBoolean(3)));
        }
      }
    }
    return nodes;
  }

  private List<DataRow> rows() throws SQLException, IOException {
    List<DataRow> rows = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(ROWS)) {
      query.setString(1, pattern());
      try (ResultSet result = query.executeQuery()) {
        while (result.next()) {
          String place = "row " + (rows.size() + 1);
          rows.add(new DataRow(file, place, fields(place, result.getString(1))));
        }
      }
    }
    return rows;
  }

  private ObjectNode fields(String place, String json) throws IOException {
    try (JsonParser parser = StrictJson.MAPPER.createParser(json)) {
      return (ObjectNode) StrictJson.value(parser);
    } catch (JsonProcessingException e) {
      throw new DataFormatException(file, place, StrictJson.problem(e), e);
    }
  }

  /** DuckDB takes a name for a pattern and would read other files that match it. */
  private String pattern() {
    return file.toAbsolutePath().toString().replaceAll("[\\[*?]", "[$0]");
  }

  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
