package dev.tale.files;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/**
 * Names the file in failures to write it. Java names it when a file cannot be opened, but not when
 * a write to an open one fails, as on a full disk.
 */
public final class NamedFailure {
  private NamedFailure() {}

  /**
   * Writes.
   *
   * @throws CancellationException if the thread is interrupted; it stays so
   * @throws FileSystemException with the file, where a failure has no more than its reason
   * @throws IOException as the write throws it, where it says more
   */
  public static void of(Path file, Write write) throws IOException {
    try {
      write.run();
    } catch (ClosedByInterruptException e) {
      CancellationException cancelled =
          new CancellationException("Interrupted while " + file + " was written");
      cancelled.initCause(e);
      throw cancelled;
    } catch (IOException e) {
      throw e.getClass() == IOException.class ? named(file, e) : e;
    }
  }

  private static FileSystemException named(Path file, IOException e) {
    FileSystemException named =
        new FileSystemException(
            file.toString(),
            null,
            "cannot be written: " + e.getMessage() + "; free some space, or give another place");
    named.initCause(e);
    return named;
  }

  /** Writes a file. */
  @FunctionalInterface
  public interface Write {
    /**
     * Writes.
     *
     * @throws IOException if that fails
     */
    void run() throws IOException;
  }
}
