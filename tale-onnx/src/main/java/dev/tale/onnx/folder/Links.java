package dev.tale.onnx.folder;

import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where symbolic links beside a graph may lead: what they lead to is copied into pruned models,
 * which are given away, so a link could carry off any file of the disk. Allowed are the model's own
 * directory and, where that is {@code snapshots/REVISION} in a cache of Hugging Face, or a folder
 * in it, the {@code blobs} beside {@code snapshots}.
 *
 * @param directory the real one
 * @param blobs the real one, if the directory lies in such a cache
 */
record Links(Path directory, Optional<Path> blobs) {
  static Links of(Path directory) throws IOException {
    Path real = directory.toRealPath();
    Optional<Path> here = blobs(real);
    return new Links(real, here.isPresent() ? here : blobs(real.getParent()));
  }

  private static Optional<Path> blobs(@Nullable Path snapshot) throws IOException {
    Path snapshots = snapshot == null ? null : snapshot.getParent();
    if (snapshots == null || !snapshots.endsWith("snapshots")) {
      return Optional.empty();
    }
    Path blobs = snapshots.resolveSibling("blobs");
    return Files.isDirectory(blobs) ? Optional.of(blobs.toRealPath()) : Optional.empty();
  }

  /**
   * Refuses a link that leads elsewhere.
   *
   * @throws dev.tale.model.ModelFormatException with the file and where it leads
   */
  void check(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new Source(file).malformed("is a link that leads nowhere");
    }
    Path real = file.toRealPath();
    boolean inCache = blobs.isPresent() && blobs.get().equals(real.getParent());
    if (!real.startsWith(directory) && !inCache) {
      throw new Source(file)
          .malformed(
              "is a link to "
                  + real
                  + ", outside the model's directory "
                  + directory
                  + ", and would be copied into pruned models; put a copy in its place, or take it"
                  + " away");
    }
  }
}
