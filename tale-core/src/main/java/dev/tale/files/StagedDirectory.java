package dev.tale.files;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A directory that is being written and not yet in its place. Exactly one of two things becomes of
 * it: {@link #commit} moves it to its target in one step, or {@link #close} deletes it. What a
 * killed process leaves beside a target is deleted by whoever stages for that target next.
 */
public final class StagedDirectory implements AutoCloseable {
  private final Path path;
  private final Path target;
  private final StagingLock lock;
  private boolean committed;

  private StagedDirectory(Path path, Path target, StagingLock lock) {
    this.path = path;
    this.target = target;
    this.lock = lock;
  }

  /**
   * Creates an empty directory beside the target, on the same file system, and the directories that
   * lead there. Deletes those that processes left there when they were killed.
   *
   * @throws FileAlreadyExistsException if the target exists and is not an empty directory
   * @throws IOException if the directory cannot be created
   */
  public static StagedDirectory beside(Path target) throws IOException {
    Path absolute = absolute(target);
    Path parent = requireFree(target);
    Files.createDirectories(parent);
    // Not createTempDirectory: its permissions would keep other users from the files.
    String prefix = "." + absolute.getFileName() + ".tale-";
    StagingLock.sweep(parent, prefix);
    return at(parent.resolve(prefix + UUID.randomUUID()), absolute);
  }

  /** As {@link #beside}, at a given place. */
  static StagedDirectory at(Path path, Path target) throws IOException {
    StagingLock lock = StagingLock.take(path);
    try {
      return new StagedDirectory(Files.createDirectory(path), absolute(target), lock);
    } catch (Throwable e) {
      lock.release();
      throw e;
    }
  }

  private static Path absolute(Path target) {
    return target.toAbsolutePath().normalize();
  }

  /**
   * Checks that a directory can be put at a target, before anything slow starts.
   *
   * @return the directory that the target lies in, which need not exist
   * @throws FileAlreadyExistsException if the target exists and is not an empty directory
   * @throws IOException if the target cannot be read
   */
  public static Path requireFree(Path target) throws IOException {
    Path absolute = absolute(target);
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "is the root of a file system; give a directory in it");
    }
    if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
      return parent;
    }
    if (!Files.isDirectory(absolute, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "exists and is not a directory; give a new or empty directory");
    }
    try (Stream<Path> files = Files.list(absolute)) {
      if (files.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            target.toString(), null, "exists and is not empty; give a new or empty directory");
      }
    }
    return parent;
  }

  /** Returns where the files are until {@link #commit}. */
  public Path path() {
    return path;
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
    requireFree(target);
    Files.deleteIfExists(target);
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
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
      if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }
}
