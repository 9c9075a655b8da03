package dev.tale.data;

import dev.tale.model.DataFormatException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What of a Parquet schema would not come out as it went in. */
final class ParquetSchema {
  /** The nodes of the schema in depth-first order, the root first. */
  static final String QUERY =
      "SELECT name, coalesce(num_children, 0),"
          + " coalesce(type, '') IN ('BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY')"
          + " AND converted_type IS NULL AND logical_type IS NULL"
          + " FROM parquet_schema(?)";

  /** Groups inside one another; each level of a list is two. DuckDB's time doubles with each. */
  static final int MAX_DEPTH = 16;

  private final Path file;
  private final Iterator<Node> nodes;

  private ParquetSchema(Path file, List<Node> nodes) {
    this.file = file;
    this.nodes = nodes.iterator();
  }

  /** A column or group; {@code bytes} where nothing says what its bytes mean. */
  record Node(String name, int children, boolean bytes) {}

  static void check(Path file, List<Node> nodes) throws DataFormatException {
    new ParquetSchema(file, nodes).node(0);
  }

  private Node node(int depth) throws DataFormatException {
    if (!nodes.hasNext()) {
      throw new DataFormatException(
          file, "The schema names more columns than it has; fetch it again");
    }
    Node node = nodes.next();
    if (depth > MAX_DEPTH) {
      throw refusal(node, "is nested deeper than the limit of " + MAX_DEPTH + " groups");
    }
    if (node.bytes()) {
      throw refusal(node, "is binary, not text; write it as strings, or leave it out");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < node.children(); i++) {
      Node child = node(depth + 1);
      if (!names.add(child.name().toLowerCase(Locale.ROOT))) {
        throw refusal(child, "has the name of another but for its case; give each its own name");
      }
    }
    return node;
  }

  private DataFormatException refusal(Node node, String problem) {
    return new DataFormatException(file, "The column \"" + node.name() + "\" " + problem);
  }
}
