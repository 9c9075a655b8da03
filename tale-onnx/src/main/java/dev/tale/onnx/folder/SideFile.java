package dev.tale.onnx.folder;

import com.google.protobuf.ByteString;
import dev.tale.files.NamedFailure;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.graph.FileStamp;
import dev.tale.onnx.graph.GitLfs;
import dev.tale.onnx.graph.Source;
import dev.tale.onnx.graph.WeightFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file beside a graph, as it was when the model was opened: its bytes, or, of a large one, its
 * stamp.
 *
 * @param path where it is
 * @param stamp its state before it was read
 * @param bytes what it holds, unless it is large
 */
record SideFile(Path path, FileStamp stamp, Optional<ByteString> bytes) {
  /** The largest files that clients read whole are tokenizers of some 40 MB. */
  static final long LARGE = 64L << 20;

  /**
   * Reads a file, unless it is large.
   *
   * @throws ModelFormatException if it is no regular file, or a Git LFS pointer in place of one
   * @throws IOException if it cannot be read
   */
  static SideFile read(Path path) throws IOException {
    return read(path, LARGE);
  }

  /**
   * As {@link #read(Path)}, but files beyond {@code large} bytes, at most {@link #LARGE}, are
   * large.
   */
  static SideFile read(Path path, long large) throws IOException {
    Source source = new Source(path);
    if (!Files.isRegularFile(path)) {
      throw source.malformed("is not a regular file, nor a link to one");
    }
    FileStamp stamp = FileStamp.of(path);
    if (stamp.size() > large) {
      return new SideFile(path, stamp, Optional.empty());
    }
    ByteString bytes = bytes(path);
    if (GitLfs.isPointer(bytes)) {
      throw source.malformed("is " + GitLfs.pointer(bytes.size()));
    }
    return new SideFile(path, stamp, Optional.of(bytes));
  }

  /** A file may grow while it is read. */
  private static ByteString bytes(Path path) throws IOException {
    try (InputStream stream = Files.newInputStream(path)) {
      return ByteString.copyFrom(stream.readNBytes((int) LARGE + 1));
    } catch (AccessDeniedException e) {
      AccessDeniedException denied =
          new AccessDeniedException(
              path.toString(), null, "cannot be read; let this user read it, or take it away");
      denied.initCause(e);
      throw denied;
    }
  }

  /**
   * Returns the content of a settings file.
   *
   * @throws ModelFormatException if it is too large for one
   */
  byte[] content() throws ModelFormatException {
    if (bytes.isEmpty()) {
      throw source()
          .malformed("has " + stamp.size() + " bytes; a settings file has at most " + LARGE);
    }
    return bytes.get().toByteArray();
  }

  Source source() {
    return new Source(path);
  }

  /**
   * Writes what the file held.
   *
   * @throws ModelFormatException if it is large and has changed since
   */
  void copyTo(Path target) throws IOException {
    if (bytes.isPresent()) {
      NamedFailure.of(target, () -> Files.write(target, bytes.get().toByteArray()));
      return;
    }
    requireUntouched();
    NamedFailure.of(target, () -> Files.copy(path, target));
    requireUntouched();
  }

  /**
   * Checks that nothing has touched the file since it was read.
   *
   * @throws ModelFormatException if something has
   */
  void requireUntouched() throws ModelFormatException {
    if (!stamp.isOf(path)) {
      throw WeightFiles.changed(path);
    }
  }
}
