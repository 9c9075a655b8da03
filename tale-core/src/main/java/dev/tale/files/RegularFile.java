package dev.tale.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses pipes, sockets and devices, of which reading may never end. */
public final class RegularFile {
  private RegularFile() {}

  /**
   * Checks that a path, if it exists, is that of a regular file or a directory, links followed.
   *
   * @param thing what the file is, for the message
   * @throws IOException if it is not
   */
  public static void require(String thing, Path path) throws IOException {
    if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
      throw new FileSystemException(
          path.toString(),
          null,
          "The "
              + thing
              + " is a pipe, a socket or a device, not a file; write it to a file first");
    }
  }

  /** Returns a failure to write that says of which file: the JDK's, as of a full disk, do not. */
  public static IOException unwritable(String thing, Path path, IOException cause) {
    FileSystemException named =
        new FileSystemException(
            path.toString(), null, "The " + thing + " cannot be written: " + reason(cause));
    named.initCause(cause);
    return named;
  }

  private static String reason(IOException cause) {
    return cause instanceof FileSystemException named && named.getReason() != null
        ? named.getReason()
        : String.valueOf(cause.getMessage());
  }
}
