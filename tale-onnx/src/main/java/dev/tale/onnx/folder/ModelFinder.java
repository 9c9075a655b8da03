package dev.tale.onnx.folder;

import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.checkpoint.Checkpoint;
import dev.tale.onnx.checkpoint.gguf.GgufFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which file of a directory the model is. */
final class ModelFinder {
  private static final String GRAPH = "model.onnx";
  private static final String GRAPH_FOLDER = "onnx";

  private ModelFinder() {}

  /**
   * The GGUF file, if the path is one, or a directory with one and neither a graph nor a
   * checkpoint.
   *
   * @throws ModelFormatException if there are several
   */
  static Optional<Path> gguf(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return GgufFile.isOne(path) ? Optional.of(path) : Optional.empty();
    }
    List<Path> found = files(path, GgufFile::isOne);
    boolean other =
        found.isEmpty()
            || Checkpoint.isIn(path)
            || !graphs(path).isEmpty()
            || !graphs(path.resolve(GRAPH_FOLDER)).isEmpty();
    if (!other && found.size() > 1) {
      throw new ModelFormatException(
          path
              + ": holds "
              + found.size()
              + " GGUF files "
              + found.stream().limit(8).map(Path::getFileName).toList()
              + "; give the path of one");
    }
    return other ? Optional.empty() : Optional.of(found.get(0));
  }

  /**
   * The graph: the path itself, or one in a directory; nothing if there is none, but a checkpoint.
   *
   * @throws ModelFormatException if there is neither
   * @throws dev.tale.model.UnsupportedModelException if it is a part of a model
   */
  static Optional<Path> graph(Path path) throws IOException {
    Optional<Path> graph = Files.isDirectory(path) ? graphIn(path) : Optional.of(path);
    if (graph.isPresent()) {
      refuseFile(path);
      Path beside = graph.get().toAbsolutePath().getParent();
      GraphParts.refuseAlone(graph.get(), beside == null ? List.of() : graphs(beside));
    }
    return graph;
  }

  private static void refuseFile(Path file) {
    if (!file.getFileName().toString().equals("model.safetensors")) {
      OtherWeights.refuse(List.of(file));
    } else if (Files.isRegularFile(file)) {
      throw new UnsupportedModelException(
          file + ": is the weights of a checkpoint. Give the folder that it is in");
    }
  }

  private static Optional<Path> graphIn(Path directory) throws IOException {
    List<Path> usual =
        List.of(directory.resolve(GRAPH), directory.resolve(GRAPH_FOLDER).resolve(GRAPH));
    for (Path file : usual) {
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    List<Path> atTop = graphs(directory);
    List<Path> inFolder = graphs(directory.resolve(GRAPH_FOLDER));
    List<Path> candidates = atTop.isEmpty() ? inFolder : atTop;
    if (candidates.size() == 1) {
      return Optional.of(candidates.get(0));
    }
    if (candidates.isEmpty() && Checkpoint.isIn(directory)) {
      return Optional.empty();
    }
    List<Path> others = Stream.concat(atTop.stream(), inFolder.stream()).toList();
    GraphParts.refuse(directory, others);
    if (others.isEmpty()) {
      OtherWeights.refuse(files(directory, file -> !file.endsWith(ConfigFile.NAME)));
    }
    throw new ModelFormatException(
        directory
            + ": has neither model.onnx nor onnx/model.onnx nor model.safetensors, and "
            + others.size()
            + " other *.onnx files "
            + others.stream().limit(8).map(directory::relativize).toList()
            + "; give the path of the graph itself");
  }

  private static List<Path> graphs(Path directory) throws IOException {
    return files(directory, file -> file.getFileName().toString().endsWith(".onnx"));
  }

  private static List<Path> files(Path directory, Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).filter(wanted).sorted().toList();
    }
  }

  /** The directory of the files around a graph, or the directory itself. */
  static Path root(Path path) {
    if (Files.isDirectory(path)) {
      return path;
    }
    Path file = path;
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      return file.toAbsolutePath();
    }
    Path above = parent.getParent();
    boolean inFolder =
        above != null
            && parent.endsWith(GRAPH_FOLDER)
            && !Files.exists(parent.resolve(ConfigFile.NAME))
            && Files.exists(above.resolve(ConfigFile.NAME));
    return inFolder && above != null ? above : parent;
  }
}
