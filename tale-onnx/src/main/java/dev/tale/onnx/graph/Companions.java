package dev.tale.onnx.graph;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files around a graph: settings are adjusted to the layers that stay, the others copied.
 *
 * @param directory where they are
 * @param graph the graph in it
 */
record Companions(Path directory, OnnxGraph graph) {
  /** Returns a file by name, if it exists. */
  Optional<Path> find(String fileName) {
    return Optional.of(directory.resolve(fileName)).filter(Files::isRegularFile);
  }

  Path relativeGraph() {
    return directory.toAbsolutePath().relativize(graph.file().toAbsolutePath());
  }

  /**
   * Finds out what could not be written for these layers.
   *
   * @throws dev.tale.model.UnsupportedModelException if a setting cannot be adjusted
   */
  void check(KeptLayers kept) throws IOException {
    Optional<ObjectNode> config = config(kept, 0);
    genaiConfig(kept);
    new ModuleFolders(directory).find();
    recipe(config, CheckpointLayers.of(kept, directory, graph));
  }

  /** Writes them for the layers that stay and the given number of weight files. */
  void write(Path target, KeptLayers kept, int weightFiles) throws IOException {
    new OtherFiles(directory, graph).copyTo(target);
    Optional<ObjectNode> config = config(kept, weightFiles);
    write(target, ConfigFile.NAME, config.map(JsonFile::bytes));
    write(target, GenaiConfigFile.NAME, genaiConfig(kept).map(JsonFile::bytes));
    Optional<KeptLayers> original = CheckpointLayers.of(kept, directory, graph);
    byte[] toKeep =
        original.map(LayersToKeepFile::of).orElseGet(() -> LayersToKeepFile.ofUnknownOrigin(kept));
    write(target, LayersToKeepFile.NAME, Optional.of(toKeep));
    write(target, MergekitFile.NAME, recipe(config, original));
  }

  private Optional<byte[]> recipe(Optional<ObjectNode> config, Optional<KeptLayers> original)
      throws IOException {
    if (config.isEmpty()
        || original.isEmpty()
        || !MergekitFile.canMake(config.get(), original.get())) {
      return Optional.empty();
    }
    String checkpoint = MergekitFile.checkpoint(config.get(), directory);
    return Optional.of(MergekitFile.of(config.get(), original.get(), checkpoint));
  }

  private static void write(Path target, String name, Optional<byte[]> content) throws IOException {
    if (content.isPresent()) {
      Files.write(target.resolve(name), content.get());
    }
  }

  private Optional<ObjectNode> config(KeptLayers kept, int weightFiles) throws IOException {
    Optional<Path> config = find(ConfigFile.NAME);
    String name = graph.file().getFileName().toString();
    return config.isEmpty()
        ? Optional.empty()
        : Optional.of(ConfigFile.adjusted(config.get(), kept, name, weightFiles));
  }

  private Optional<ObjectNode> genaiConfig(KeptLayers kept) throws IOException {
    Optional<Path> config = find(GenaiConfigFile.NAME);
    String path = relativeGraph().toString().replace(File.separatorChar, '/');
    return config.isEmpty()
        ? Optional.empty()
        : Optional.of(GenaiConfigFile.adjusted(config.get(), kept, path));
  }
}
