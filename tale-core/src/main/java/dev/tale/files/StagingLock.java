package dev.tale.files;

import com.google.common.collect.Sets;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says that a directory is being written: a locked file beside it, of the same name and {@code
 * .lock}. The operating system lets go of the lock when the process ends, however it ends, so a
 * file that is not locked marks a directory that nobody will complete.
 */
final class StagingLock implements AutoCloseable {
  private static final String SUFFIX = ".lock";

  /** A process loses its lock when it closes any channel to the file, so it must not open it. */
  private static final Set<Path> HELD = Sets.newConcurrentHashSet();

  private final Path file;
  private final @Nullable FileChannel channel;

  private StagingLock(Path file, @Nullable FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Marks a directory that does not exist yet; without effect where files cannot be locked. */
  static StagingLock take(Path directory) throws IOException {
    Path file = directory.resolveSibling(directory.getFileName() + SUFFIX);
    HELD.add(file);
    try {
      return new StagingLock(file, lockedChannel(file));
    } catch (Throwable e) {
      HELD.remove(file);
      throw e;
    }
  }

  private static @Nullable FileChannel lockedChannel(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
    if (isLocked(channel)) {
      return channel;
    }
    channel.close();
    Files.deleteIfExists(file);
    return null;
  }

  /** Some network file systems have no locks. */
  private static boolean isLocked(FileChannel channel) {
    try {
      return channel.tryLock() != null;
    } catch (IOException e) {
      return false;
    }
  }

  /** Deletes the directories beside a target that were marked and given up. */
  static void sweep(Path parent, String prefix) throws IOException {
    List<Path> marks;
    try (Stream<Path> files = Files.list(parent)) {
      marks =
          files
              .filter(file -> file.getFileName().toString().startsWith(prefix))
              .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
              .filter(file -> !HELD.contains(file))
              .toList();
    }
    for (Path mark : marks) {
      sweep(mark);
    }
  }

  private static void sweep(Path mark) {
    try (FileChannel channel = FileChannel.open(mark, StandardOpenOption.WRITE)) {
      if (isLocked(channel)) {
        String name = mark.getFileName().toString();
        Path directory = mark.resolveSibling(name.substring(0, name.length() - SUFFIX.length()));
        if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
          MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
        Files.deleteIfExists(mark);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // Someone else's, or being swept by someone else: it takes room, but does no harm.
    }
  }

  /** As {@link #close}, where a mark that stays must not hide what was achieved or went wrong. */
  void release() {
    try {
      close();
    } catch (IOException e) {
      // The next sweep deletes it.
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (channel != null) {
        channel.close();
        Files.deleteIfExists(file);
      }
    } finally {
      HELD.remove(file);
    }
  }
}
