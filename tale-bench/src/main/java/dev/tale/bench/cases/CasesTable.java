package dev.tale.bench.cases;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Opens, asks and exports every model of a directory, and tries every tokenizer. */
public final class CasesTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CasesTable() {}

  /**
   * Prints a row for each directory that holds a {@code model}, and for each file in {@code
   * tokenizers}, and writes them all to a file.
   *
   * @return whether there are any, and each is right, or refused with its reason before anything
   *     ran
   */
  public static boolean run(Path directory, Path out) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    ArrayNode models = json.putArray("models");
    ArrayNode tokenizers = json.putArray("tokenizers");
    boolean ok = true;
    for (Path model : models(directory)) {
      CaseRow row = CaseRow.of(model);
      System.out.println(row);
      models.add(row.json());
      ok &= row.ok();
    }
    for (Path file : tokenizers(directory.resolve("tokenizers"))) {
      TokenizerRow row = TokenizerRow.of(file);
      System.out.println(row);
      tokenizers.add(row.json());
      ok &= row.ok();
    }
    Files.writeString(out, json.toPrettyString() + "\n");
    return ok && models.size() + tokenizers.size() > 0;
  }

  private static List<Path> models(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new NotDirectoryException(
          directory + ": --dir must be a directory that holds one for each case");
    }
    return list(directory, path -> Files.isDirectory(path.resolve("model")));
  }

  private static List<Path> tokenizers(Path directory) throws IOException {
    return Files.isDirectory(directory)
        ? list(directory, path -> path.toString().endsWith(".json"))
        : List.of();
  }

  private static List<Path> list(Path directory, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(wanted).sorted().toList();
    }
  }
}
