package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.graph.OnnxGraph;
import java.io.File;
import java.nio.file.Path;

/** The files around a graph that are written anew, with other content. */
final class WrittenFiles {
  private static final ImmutableSet<String> NAMES =
      ImmutableSet.of(
          ConfigFile.NAME, GenaiConfigFile.NAME, LayersToKeepFile.NAME, MergekitFile.NAME);

  private WrittenFiles() {}

  static boolean include(String name) {
    return NAMES.contains(name);
  }

  /**
   * Refuses weights in such a file, or in the graph's own: two contents would have one name.
   *
   * @param directory the model's, in which the files are
   * @throws dev.tale.model.UnsupportedModelException with the tensor and the file
   */
  static void refuseWeights(Path directory, OnnxGraph graph) {
    Path root = directory.toAbsolutePath();
    Path own = root.relativize(graph.file().toAbsolutePath());
    graph
        .external()
        .forEach(
            (tensor, range) -> {
              Path file = own.resolveSibling(range.location()).normalize();
              if (!range.isInline() && (file.equals(own.normalize()) || include(name(file)))) {
                throw graph
                    .source()
                    .unsupported(
                        "tensor "
                            + tensor
                            + " has its external data in "
                            + name(file)
                            + ", a file that a pruned model has with other content. Save the model"
                            + " with its weights in a file of their own, such as "
                            + own.getFileName()
                            + "_data");
              }
            });
  }

  /** Only files at the top are written. */
  private static String name(Path relative) {
    return relative.toString().replace(File.separatorChar, '/');
  }
}
