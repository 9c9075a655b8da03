package dev.tale.onnx.graph;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory that is complete but not yet in its place. Exactly one of two things becomes of it:
 * {@link #commit} moves it to its target in one step, or {@link #close} deletes it.
 */
public final class Staged implements AutoCloseable {
  private final Path directory;
  private final Path target;
  private final StagingLock lock;
  private List<Path> modelFiles = List.of();
  private boolean committed;

  private Staged(Path directory, Path target, StagingLock lock) {
    this.directory = directory;
    this.target = target;
    this.lock = lock;
  }

  /**
   * Creates an empty directory beside the target, on the same file system. Deletes those that
   * processes left there when they were killed.
   */
  static Staged beside(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "is the root of a file system; give a directory in it");
    }
    refuseOccupied(absolute);
    Files.createDirectories(parent);
    // Not createTempDirectory: its permissions would keep other users from the model.
    String prefix = "." + absolute.getFileName() + ".tale-";
    StagingLock.sweep(parent, prefix);
    Path directory = parent.resolve(prefix + UUID.randomUUID());
    return at(directory, absolute);
  }

  /** As {@link #beside}, at a given place. */
  static Staged at(Path directory, Path target) throws IOException {
    StagingLock lock = StagingLock.take(directory);
    try {
      return new Staged(Files.createDirectory(directory), target, lock);
    } catch (Throwable e) {
      lock.release();
      throw e;
    }
  }

  /** Returns where the files are until {@link #commit}. */
  public Path directory() {
    return directory;
  }

  /** Returns the graph, last, and the files with its weights; they are in {@link #directory}. */
  public List<Path> modelFiles() {
    return modelFiles;
  }

  void setModelFiles(List<Path> files) {
    modelFiles = List.copyOf(files);
  }

  /**
   * Moves the directory to its target in one step and returns the target.
   *
   * @throws FileAlreadyExistsException if the target exists and is not an empty directory
   * @throws IOException if it cannot be moved
   * @throws IllegalStateException if it is in its place already
   */
  public Path commit() throws IOException {
    if (committed) {
      throw new IllegalStateException(target + " is committed already");
    }
    refuseOccupied(target);
    Files.deleteIfExists(target);
    Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
    committed = true;
    lock.release();
    return target;
  }

  /** Deletes everything, unless it was committed. Closing twice has no effect. */
  @Override
  public void close() throws IOException {
    if (committed) {
      return;
    }
    try (lock) {
      if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  private static void refuseOccupied(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "exists and is not a directory; give a new or empty directory");
    }
    try (Stream<Path> files = Files.list(target)) {
      if (files.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            target.toString(), null, "exists and is not empty; give a new or empty directory");
      }
    }
  }
}
