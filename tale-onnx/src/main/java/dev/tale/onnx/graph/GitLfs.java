package dev.tale.onnx.graph;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Git LFS: a clone without it has small texts, pointers, in place of the large files. */
public final class GitLfs {
  private static final byte[] BEGIN = "version https://git-lfs.github.com/spec/".getBytes(US_ASCII);

  private GitLfs() {}

  public static boolean isPointer(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      return Arrays.equals(bytes.readNBytes(BEGIN.length), BEGIN);
    }
  }

  public static boolean isPointer(ByteString bytes) {
    return bytes.startsWith(UnsafeByteOperations.unsafeWrap(BEGIN));
  }

  /** The reason and the remedy, if a file of that size is a pointer. */
  public static String pointer(long bytes) {
    return "a Git LFS pointer of " + bytes + " bytes in place of the file, which git lfs pull gets";
  }
}
