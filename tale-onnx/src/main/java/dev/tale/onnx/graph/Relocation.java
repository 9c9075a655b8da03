package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets a graph that exists only in memory refer to the original weights: ONNX Runtime resolves a
 * location against one folder and refuses links that lead out of it, so locations become the names
 * of the real files in their real directory.
 */
public final class Relocation {
  private final OnnxGraph graph;
  private final @Nullable Path folder;

  private Relocation(OnnxGraph graph, @Nullable Path folder) {
    this.graph = graph;
    this.folder = folder;
  }

  public static Relocation of(OnnxGraph graph, List<TensorProto> tensors) {
    Set<Path> folders =
        tensors.stream()
            .map(tensor -> graph.external().get(tensor.getName()))
            .filter(range -> range != null)
            .map(range -> range.file().getParent())
            .collect(Collectors.toSet());
    if (folders.size() > 1) {
      throw graph
          .source()
          .unsupported(
              "has external weights in more than one directory: "
                  + folders.stream().map(Path::toString).sorted().toList()
                  + ". Copy the model's files into one directory");
    }
    return new Relocation(graph, folders.isEmpty() ? null : folders.iterator().next());
  }

  public @Nullable Path folder() {
    return folder;
  }

  /** Returns the tensor, its bytes found from the folder if they are external. */
  public TensorProto apply(TensorProto tensor) {
    ExternalRange range = graph.external().get(tensor.getName());
    return range == null
        ? tensor
        : at(tensor, range.file().getFileName().toString(), range.offset(), range.length());
  }

  /** Returns the tensor with its bytes at another place. */
  public static TensorProto at(TensorProto tensor, String location, long offset, long length) {
    return tensor.toBuilder()
        .clearExternalData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(Nodes.entry("location", location))
        .addExternalData(Nodes.entry("offset", String.valueOf(offset)))
        .addExternalData(Nodes.entry("length", String.valueOf(length)))
        .build();
  }
}
