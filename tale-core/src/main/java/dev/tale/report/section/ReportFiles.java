package dev.tale.report.section;

import dev.tale.document.Document;
import dev.tale.document.HtmlPage;
import dev.tale.document.MarkdownText;
import dev.tale.files.NamedFailure;
import dev.tale.files.RegularFile;
import dev.tale.files.StagedDirectory;
import dev.tale.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

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
   * or none. What a process that is killed meanwhile leaves beside it, the next one deletes.
   *
   * @param directory a directory that does not exist or is empty
   * @return the page
   * @throws FileAlreadyExistsException if the directory exists and is not empty, or is a file
   * @throws IOException if the directory cannot be written
   */
  public static Path write(Path directory, ReportContent content) throws IOException {
    try (StagedDirectory staged = StagedDirectory.beside(directory)) {
      for (Map.Entry<String, String> text : texts(content).entrySet()) {
        Path file = staged.path().resolve(text.getKey());
        NamedFailure.of(file, () -> Files.write(file, utf8(text.getValue())));
      }
      staged.commit();
    }
    return directory.resolve("index.html");
  }

  /**
   * Checks that a report can be written, before anything slow starts.
   *
   * @throws FileAlreadyExistsException if the directory exists and is not empty, or is a file
   * @throws IOException if the directory cannot be read
   */
  public static void requireFree(Path directory) throws IOException {
    StagedDirectory.requireFree(directory);
  }

  private static Map<String, String> texts(ReportContent content) {
    Document document = content.document();
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("index.html", HtmlPage.write(document));
    texts.put("report.md", MarkdownText.write(document));
    texts.put("report.json", ContentJson.write(content));
    texts.put("trajectory.csv", CsvText.write(content.report()));
    return texts;
  }

  static void write(Path file, byte[] bytes) throws IOException {
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw RegularFile.unwritable("report", file, e);
    }
  }

  /** A lone surrogate, which has no bytes, becomes a question mark. */
  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
