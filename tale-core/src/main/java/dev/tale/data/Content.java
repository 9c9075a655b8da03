package dev.tale.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tale.model.DataFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the first bytes of a file say about it. */
final class Content {
  private static final int HEAD_LENGTH = 512;
  private static final String PARQUET = "PAR1";
  private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

  private Content() {}

  /** Refuses a file whose content cannot be of the format that its name says. */
  static void check(Path file, DataFormat format) throws IOException {
    String head = head(file);
    if (head.isEmpty()) {
      throw new DataFormatException(file, "The file is empty; fetch it again");
    }
    String problem = foreign(head);
    if (problem == null && (format == DataFormat.PARQUET) != head.startsWith(PARQUET)) {
      problem =
          format == DataFormat.PARQUET
              ? "The file does not begin as a Parquet file does; fetch it again or mend its name"
              : "The file is a Parquet file; rename it to end in .parquet";
    }
    if (problem == null && head.lastIndexOf('\0', 1) >= 0) {
      problem = "The file begins with a zero byte, as UTF-16 does; convert it to UTF-8";
    }
    if (problem != null) {
      throw new DataFormatException(file, problem);
    }
  }

  /** The first bytes, one character each. */
  private static String head(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HEAD_LENGTH), ISO_8859_1);
    }
  }

  private static @Nullable String foreign(String head) {
    if (head.startsWith("version https://git-lfs.github.com/spec/")) {
      return "The file is a Git LFS pointer, not the data; run git lfs pull where it was cloned";
    }
    if (head.startsWith("/annex/objects/")) {
      return "The file is a git-annex pointer, not the data; run git annex get where it was cloned";
    }
    String packer = packer(head);
    if (packer != null) {
      return "The file is packed (" + packer + "); unpack it and give the file that was inside";
    }
    if (head.startsWith("\u00FF\u00FE") || head.startsWith("\u00FE\u00FF")) {
      return "The file is UTF-16; convert it to UTF-8";
    }
    String start = head.replace(BYTE_ORDER_MARK, "").stripLeading().toLowerCase(Locale.ROOT);
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      return "The file is a web page, not the data; fetch the file that the page links to";
    }
    return null;
  }

  private static @Nullable String packer(String head) {
    if (head.startsWith("\u001F\u008B")) {
      return "gzip";
    }
    if (head.startsWith("PK\u0003\u0004")) {
      return "zip";
    }
    if (head.startsWith("BZh")) {
      return "bzip2";
    }
    if (head.startsWith("\u00FD7zXZ")) {
      return "xz";
    }
    return head.startsWith("(\u00B5/\u00FD") ? "zstd" : null;
  }
}
