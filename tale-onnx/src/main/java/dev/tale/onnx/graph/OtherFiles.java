package dev.tale.onnx.graph;

import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files around a graph that are right for the pruned model as they are: neither settings that
 * are written anew nor graphs and weights, which hold every layer, nor what describes those.
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

  void copyTo(Path target) throws IOException {
    copy(directory, this::isCopied, target);
    for (Path folder : new ModuleFolders(directory).find()) {
      copy(folder, this::isSettings, target.resolve(folder.getFileName().toString()));
    }
  }

  private static void copy(Path folder, Predicate<Path> isCopied, Path target) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(folder)) {
      files = listed.filter(Files::isRegularFile).filter(isCopied).sorted().toList();
    }
    Files.createDirectories(target);
    for (Path file : files) {
      Files.copy(file, target.resolve(file.getFileName().toString()));
    }
  }

  private boolean isCopied(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && !name.contains(".onnx")
        && !WrittenFiles.include(name)
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
