package dev.tale.onnx.parity;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Stands for texts that may not be kept here: rows of data sets. */
final class Digest {
  private static final int SHORT = 40;

  private Digest() {}

  /** SHA-256 of texts that each end in a NUL. */
  static String of(List<String> texts) {
    String joined = String.join("\0", texts) + "\0";
    return Hashing.sha256().hashString(joined, StandardCharsets.UTF_8).toString();
  }

  /** A text of at most 40 characters itself, of a longer one its digest. */
  static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= SHORT ? text : "sha256:" + of(List.of(text));
  }
}
