package dev.tale.files;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder among the temporary files of the system, deleted when it is closed, or when the process
 * is told to end before that. A killed process leaves it; its number is in the name.
 */
public final class TemporaryFolder implements Closeable {
  private static final Logger LOGGER = System.getLogger(TemporaryFolder.class.getName());

  /** Deleting begins while others may still write, so it is tried more than once. */
  private static final int ATTEMPTS = 5;

  private final Path path;
  private final Thread atExit;

  private TemporaryFolder(Path path) {
    this.path = path;
    this.atExit = new Thread(this::deleteAtExit, "delete " + path.getFileName());
  }

  /**
   * Makes a folder.
   *
   * @param prefix of its name
   * @throws IOException if it cannot be made
   */
  public static TemporaryFolder create(String prefix) throws IOException {
    Path path = Files.createTempDirectory(prefix + "-" + ProcessHandle.current().pid() + "-");
    TemporaryFolder folder = new TemporaryFolder(path);
    Runtime.getRuntime().addShutdownHook(folder.atExit);
    return folder;
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** Deletes the folder; closing twice has no effect. */
  @Override
  public void close() throws IOException {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      return; // The process is ending, so the hook deletes it.
    }
    delete();
  }

  private void deleteAtExit() {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        delete();
      } catch (IOException e) {
        LOGGER.log(
            attempt == ATTEMPTS ? Level.WARNING : Level.DEBUG, "Could not delete " + path, e);
      }
    }
  }

  private void delete() throws IOException {
    if (Files.exists(path)) {
      MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }
}
