package dev.tale.onnx.folder;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import dev.tale.files.StagedDirectory;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model that is complete but not yet in its place. Exactly one of two things becomes of it:
 * {@link #commit} moves it to its target in one step, or {@link #close} deletes it.
 */
public final class Staged implements AutoCloseable {
  private final StagedDirectory directory;
  private List<Path> modelFiles = List.of();
  private Optional<Path> leftOut = Optional.empty();

  private Staged(StagedDirectory directory) {
    this.directory = directory;
  }

  /**
   * Creates an empty directory beside the target, on the same file system. Deletes those that
   * processes left there when they were killed.
   */
  static Staged beside(Path target) throws IOException {
    return new Staged(StagedDirectory.beside(target));
  }

  /** Returns where the files are until {@link #commit}. */
  public Path directory() {
    return directory.path();
  }

  /** Returns the graph, last, and the files with its weights; they are in {@link #directory}. */
  public List<Path> modelFiles() {
    return modelFiles;
  }

  void setModelFiles(List<Path> files) {
    modelFiles = List.copyOf(files);
  }

  /** Has a file or a directory deleted before the model is moved. */
  void leaveOut(Path path) {
    leftOut = Optional.of(path);
  }

  /** Size of the graph and its weights, but for what is left out, in bytes. */
  public long bytes() throws IOException {
    long bytes = 0;
    for (Path file : modelFiles) {
      bytes += leftOut.filter(file::startsWith).isPresent() ? 0 : Files.size(file);
    }
    return bytes;
  }

  /**
   * Moves the directory to its target in one step and returns the target.
   *
   * @throws FileAlreadyExistsException if the target exists and is not an empty directory
   * @throws IOException if it cannot be moved
   * @throws IllegalStateException if it is in its place already
   */
  public Path commit() throws IOException {
    if (leftOut.isPresent()) {
      MoreFiles.deleteRecursively(leftOut.get(), RecursiveDeleteOption.ALLOW_INSECURE);
    }
    return directory.commit();
  }

  /** Deletes everything, unless it was committed. Closing twice has no effect. */
  @Override
  public void close() throws IOException {
    directory.close();
  }
}
