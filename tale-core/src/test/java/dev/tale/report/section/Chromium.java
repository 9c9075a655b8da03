package dev.tale.report.section;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless browser, run once for each question.
 *
 * @param executable the program
 * @param scratch a directory for its profile and its output
 */
record Chromium(Path executable, Path scratch) {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final int SECONDS = 120;

  /** Returns the first executable on the PATH that is called like a Chromium. */
  static Optional<Path> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .flatMap(Chromium::named)
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Stream<Path> named(String directory) {
    return NAMES.stream().map(name -> Path.of(directory, name));
  }

  /** Returns what a page has become, as HTML, after its scripts have run. */
  String dom(Path page, int width) throws IOException, InterruptedException {
    Path output = scratch.resolve("dom.html");
    // Messages between frames arrive after the page has loaded.
    run(page, width, output, "--virtual-time-budget=5000", "--dump-dom");
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  /** Returns a picture of a page as a PNG file. */
  Path picture(Path page, int width) throws IOException, InterruptedException {
    Path picture = scratch.resolve("page-" + width + ".png");
    run(page, width, scratch.resolve("output.txt"), "--screenshot=" + picture);
    return picture;
  }

  private void run(Path page, int width, Path output, String... what)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(executable.toString(), "--headless=new"));
    // A container has no user namespaces for the sandbox; the page is our own.
    command.addAll(List.of("--no-sandbox", "--disable-gpu", "--hide-scrollbars"));
    command.add("--user-data-dir=" + scratch.resolve("profile"));
    command.add("--window-size=" + width + ",2000");
    command.addAll(List.of(what));
    command.add(page.toUri().toString());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(scratch.resolve("errors.txt").toFile())
            .start();
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException(executable + " has not ended after " + SECONDS + " seconds");
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          executable + " failed: " + Files.readString(scratch.resolve("errors.txt")));
    }
  }
}
