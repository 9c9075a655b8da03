package dev.tale.report;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A report as a directory of files. The same content gives the same bytes.
 *
 * <p>{@code index.html} is the page that people look at, {@code report.md} the same without plots,
 * {@code report.json} everything for programs, see {@link Report#toJson}, {@code trajectory.csv} a
 * line for every candidate of every round.
 */
public final class ReportFiles {
  private ReportFiles() {}

  /**
   * Writes the files beside their directory and moves them there in one step: there are all of them
   * or none. A process that is killed meanwhile leaves a hidden directory beside it.
   *
   * @param directory a directory that does not exist or is empty
   * @return the page
   * @throws FileAlreadyExistsException if the directory exists and is not empty, or is a file
   * @throws IOException if the directory cannot be written
   */
  public static Path write(Path directory, ReportContent content) throws IOException {
    Path target = directory.toAbsolutePath().normalize();
    Path parent = target.getParent();
    if (parent == null) {
      throw new FileAlreadyExistsException(
          directory.toString(), null, "is the root of a file system; give a directory in it");
    }
    refuseOccupied(target);
    Map<String, String> texts = texts(content);
    Files.createDirectories(parent);
    Path staged = parent.resolve("." + target.getFileName() + ".tale-" + UUID.randomUUID());
    try {
      Files.createDirectory(staged);
      for (Map.Entry<String, String> text : texts.entrySet()) {
        Files.write(staged.resolve(text.getKey()), utf8(text.getValue()));
      }
      refuseOccupied(target);
      Files.deleteIfExists(target);
      Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      if (Files.exists(staged, LinkOption.NOFOLLOW_LINKS)) {
        MoreFiles.deleteRecursively(staged, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
    return directory.resolve("index.html");
  }

  private static Map<String, String> texts(ReportContent content) {
    List<Section> sections = Sections.of(content);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("index.html", HtmlPage.write(content, sections));
    texts.put("report.md", MarkdownText.write(content, sections));
    texts.put("report.json", ContentJson.write(content));
    texts.put("trajectory.csv", CsvText.write(content.report()));
    return texts;
  }

  /** A lone surrogate, which has no bytes, becomes a question mark. */
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void refuseOccupied(Path target) throws IOException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(
          target.toString(), null, "exists and is not a directory; give a new or empty directory");
    }
    try (Stream<Path> files = Files.list(target)) {
      if (files.findAny().isPresent()) {
        throw new FileAlreadyExistsException(
            target.toString(), null, "exists and is not empty; give a new or empty directory");
      }
    }
  }
}
