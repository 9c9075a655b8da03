package dev.tale.onnx.graph;

import com.google.common.collect.ImmutableSet;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A model as deployed: the graph and the files around it. Immutable; nothing in it is written. */
public final class ModelDirectory {
  private static final String GRAPH = "model.onnx";
  private static final String GRAPH_FOLDER = "onnx";

  /** Weights for other frameworks: they hold every layer. */
  private static final ImmutableSet<String> FOREIGN_WEIGHTS =
      ImmutableSet.of("safetensors", "bin", "pt", "pth", "ckpt", "gguf", "h5", "msgpack");

  private final Path path;
  private final OnnxGraph graph;
  private final ResidualStream stream;

  private ModelDirectory(Path path, OnnxGraph graph, ResidualStream stream) {
    this.path = path;
    this.graph = graph;
    this.stream = stream;
  }

  /**
   * Opens a model: a directory with {@code model.onnx}, {@code onnx/model.onnx} or exactly one
   * {@code *.onnx}, or the file itself.
   *
   * @throws ModelFormatException if there is no such file, or it is malformed
   * @throws dev.tale.model.UnsupportedModelException if its layers cannot be found
   * @throws IOException if a file cannot be read
   */
  public static ModelDirectory open(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? graphIn(path) : path;
    OnnxGraph graph = OnnxGraph.read(file);
    Path root = Files.isDirectory(path) ? path : rootOf(file);
    return new ModelDirectory(root, graph, ResidualStream.find(graph));
  }

  private static Path graphIn(Path directory) throws IOException {
    List<Path> usual =
        List.of(directory.resolve(GRAPH), directory.resolve(GRAPH_FOLDER).resolve(GRAPH));
    for (Path file : usual) {
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> graphs = files.filter(file -> isGraph(file)).sorted().toList();
      if (graphs.size() == 1) {
        return graphs.get(0);
      }
      throw new ModelFormatException(
          directory
              + ": has neither model.onnx nor onnx/model.onnx, and "
              + graphs.size()
              + " other *.onnx files "
              + graphs.stream().limit(8).map(Path::getFileName).toList()
              + "; give the path of the graph itself");
    }
  }

  private static boolean isGraph(Path file) {
    return Files.isRegularFile(file) && file.getFileName().toString().endsWith(".onnx");
  }

  private static Path rootOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      return file.toAbsolutePath();
    }
    Path above = parent.getParent();
    boolean inFolder =
        above != null
            && parent.endsWith(GRAPH_FOLDER)
            && !Files.exists(parent.resolve(Settings.CONFIG))
            && Files.exists(above.resolve(Settings.CONFIG));
    return inFolder && above != null ? above : parent;
  }

  /** Returns the directory that holds config.json and tokenizer.json, where there are any. */
  public Path path() {
    return path;
  }

  /** Returns a name for people: that of the directory. */
  public String name() {
    Path name = path.toAbsolutePath().normalize().getFileName();
    return name == null ? path.toString() : name.toString();
  }

  /** Returns the graph. */
  public OnnxGraph graph() {
    return graph;
  }

  /** Returns the graph's layers. */
  public ResidualStream stream() {
    return stream;
  }

  /** Returns a file of the directory by name, for example {@code tokenizer.json}, if it exists. */
  public Optional<Path> find(String fileName) {
    return Optional.of(path.resolve(fileName)).filter(Files::isRegularFile);
  }

  /**
   * Writes the model that {@code mask} describes into a temporary directory beside the target:
   * graph, weights, adjusted {@code config.json} and {@code genai_config.json}, and the other files
   * of the directory as they are, but for other graphs, weights of other frameworks and
   * sub-directories. {@link Staged#commit} moves it into place.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not an empty
   *     directory
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if the mask is for another number of layers or removes all, or
   *     the target lies inside this directory
   * @throws dev.tale.model.UnsupportedModelException if a setting cannot be adjusted
   */
  public Staged excise(LayerMask mask, Path target, Map<String, String> metadata)
      throws IOException {
    if (target.toAbsolutePath().normalize().startsWith(path.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(
          "Target " + target + " lies inside the model's own directory " + path + "; give another");
    }
    Staged staged = Staged.beside(target);
    try {
      Path onnx = staged.directory().resolve(relativeGraph());
      Files.createDirectories(onnx.getParent());
      List<Path> written = LayerExcision.write(graph, stream, mask, onnx, metadata);
      copyRest(staged.directory(), mask, written.size() - 1);
      return staged;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, staged);
      throw e;
    }
  }

  private static void closeAfter(Exception because, Staged staged) {
    try {
      staged.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private Path relativeGraph() {
    return path.toAbsolutePath().relativize(graph.file().toAbsolutePath());
  }

  private void copyRest(Path directory, LayerMask mask, int weightFiles) throws IOException {
    List<Path> files;
    try (Stream<Path> listed = Files.list(path)) {
      files = listed.filter(this::isCopied).sorted().toList();
    }
    for (Path file : files) {
      Path copy = directory.resolve(file.getFileName().toString());
      switch (file.getFileName().toString()) {
        case Settings.CONFIG -> Files.write(copy, Settings.config(file, mask, weightFiles));
        case Settings.GENAI_CONFIG -> Files.write(copy, Settings.genaiConfig(file, mask));
        default -> Files.copy(file, copy);
      }
    }
  }

  private boolean isCopied(Path file) {
    String name = file.getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Files.isRegularFile(file)
        && !name.startsWith(".")
        && !name.contains(".onnx")
        && !FOREIGN_WEIGHTS.contains(extension)
        && graph.external().values().stream()
            .noneMatch(range -> path.resolve(range.location()).equals(file));
  }
}
