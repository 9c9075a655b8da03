package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.files.NamedFailure;
import dev.tale.onnx.graph.OnnxGraph;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files around a graph: settings are adjusted to the layers that stay, the others copied.
 *
 * @param files as they were when the model was opened
 * @param graph the graph among them
 */
record Companions(SideFiles files, OnnxGraph graph) {

  Path relativeGraph() {
    return files.directory().toAbsolutePath().relativize(graph.file().toAbsolutePath());
  }

  /**
   * Finds out what could not be written for these layers.
   *
   * @throws dev.tale.model.UnsupportedModelException if a setting cannot be adjusted
   */
  void check(KeptLayers kept) throws IOException {
    Optional<ObjectNode> config = config(kept, 0);
    genaiConfig(kept);
    Optional<SideFile> generation = files.find(ConfigFile.GENERATION);
    if (generation.isPresent()) {
      ConfigFile.refuseLayersOf(generation.get());
    }
    recipe(config, CheckpointLayers.of(kept, files, graph));
  }

  /** Writes them for the layers that stay and the given number of weight files. */
  void write(Path target, KeptLayers kept, int weightFiles) throws IOException {
    files.copyTo(target);
    Optional<ObjectNode> config = config(kept, weightFiles);
    write(target, ConfigFile.NAME, config.map(JsonFile::bytes));
    write(target, GenaiConfigFile.NAME, genaiConfig(kept).map(JsonFile::bytes));
    Optional<KeptLayers> original = CheckpointLayers.of(kept, files, graph);
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
    String checkpoint = MergekitFile.checkpoint(config.get(), files);
    return Optional.of(MergekitFile.of(config.get(), original.get(), checkpoint));
  }

  private static void write(Path target, String name, Optional<byte[]> content) throws IOException {
    if (content.isPresent()) {
      Path file = target.resolve(name);
      NamedFailure.of(file, () -> Files.write(file, content.get()));
    }
  }

  private Optional<ObjectNode> config(KeptLayers kept, int weightFiles) throws IOException {
    Optional<SideFile> config = files.find(ConfigFile.NAME);
    String name = graph.file().getFileName().toString();
    return config.isEmpty()
        ? Optional.empty()
        : Optional.of(ConfigFile.adjusted(config.get(), kept, name, weightFiles));
  }

  private Optional<ObjectNode> genaiConfig(KeptLayers kept) throws IOException {
    Optional<SideFile> config = files.find(GenaiConfigFile.NAME);
    String path = relativeGraph().toString().replace(File.separatorChar, '/');
    return config.isEmpty()
        ? Optional.empty()
        : Optional.of(GenaiConfigFile.adjusted(config.get(), kept, path));
  }
}
