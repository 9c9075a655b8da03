package dev.tale.onnx.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * Which file a path leads to, and its state, as the file system tells it. Every write changes it.
 * Where the system has a time of the last change of status, no program can set that back; elsewhere
 * a program that writes in place and sets length and time of modification back goes unnoticed, and
 * so do, everywhere, two writes within one tick of the file system's clock, some milliseconds.
 *
 * @param key the file's identity; another file of the same path has another
 * @param size in bytes
 * @param modified when its bytes were changed last
 * @param changed when its bytes or attributes were changed last, where it is known
 */
public record FileStamp(
    Optional<Object> key, long size, FileTime modified, Optional<Object> changed) {
  private static final String CHANGED = "unix:ctime";

  /**
   * Reads the stamp of a file.
   *
   * @throws IOException if there is no file
   */
  public static FileStamp of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
    return new FileStamp(
        Optional.ofNullable(attributes.fileKey()),
        attributes.size(),
        attributes.lastModifiedTime(),
        unix ? Optional.of(Files.getAttribute(file, CHANGED)) : Optional.empty());
  }

  /** Returns whether the file is still there and the same. */
  public boolean isOf(Path file) {
    try {
      return equals(of(file));
    } catch (IOException e) {
      return false;
    }
  }
}
