package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.graph.OnnxGraph;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files around a graph count for a pruned model: settings that are written anew, and files
 * that are right for it as they are, so neither graphs and weights, which hold every layer, nor
 * what describes those.
 *
 * @param directory where they are
 * @param graph the graph in it
 */
record OtherFiles(Path directory, OnnxGraph graph) {
  /** Weights for other frameworks: they hold every layer. */
  private static final ImmutableSet<String> FOREIGN_WEIGHTS =
      ImmutableSet.of("safetensors", "bin", "pt", "pth", "ckpt", "gguf", "h5", "msgpack");

  /** Which file holds which weight. */
  private static final Pattern WEIGHT_INDEX =
      Pattern.compile(".*\\.(" + String.join("|", FOREIGN_WEIGHTS) + ")\\.index\\.json");

  /** Other files by these names that are read, so anything else by them is a mistake. */
  private static final ImmutableSet<String> READ =
      ImmutableSet.of(
          "chat_template.jinja",
          ConfigFile.GENERATION,
          "modules.json",
          "special_tokens_map.json",
          "tokenizer.json",
          "tokenizer_config.json");

  /** Returns whether files of that name are settings, which are read. */
  static boolean isRead(String name) {
    return READ.contains(name) || WrittenFiles.include(name);
  }

  /** Returns those beside the graph. */
  List<Path> atTop() throws IOException {
    return list(
        directory,
        file ->
            isRead(file.getFileName().toString()) || (!Files.isDirectory(file) && isCopied(file)));
  }

  /** Returns those in a module's folder. */
  List<Path> settingsIn(Path folder) throws IOException {
    return list(folder, file -> !Files.isDirectory(file) && isSettings(file));
  }

  private static List<Path> list(Path folder, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> listed = Files.list(folder)) {
      return listed.filter(wanted).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private boolean isCopied(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && !name.contains(".onnx")
        && !FOREIGN_WEIGHTS.contains(extension(name))
        && !WEIGHT_INDEX.matcher(name).matches()
        && !isForeignGraph(file)
        && !holdsWeights(file);
  }

  private boolean isSettings(Path file) {
    String name = file.getFileName().toString();
    return extension(name).equals("json")
        && !WEIGHT_INDEX.matcher(name).matches()
        && !holdsWeights(file);
  }

  private boolean holdsWeights(Path file) {
    Path beside = graph.file().toAbsolutePath();
    return graph.external().values().stream()
        .anyMatch(range -> beside.resolveSibling(range.location()).equals(file.toAbsolutePath()));
  }

  /** OpenVINO keeps a graph in an XML file and its weights beside it. */
  private static boolean isForeignGraph(Path file) {
    String name = file.getFileName().toString();
    return extension(name).equals("xml")
        && Files.exists(file.resolveSibling(name.substring(0, name.length() - 4) + ".bin"));
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
