package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.testing.TestClassPath;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broken graphs that are opened and asked in other processes: none ends its process, hangs or
 * throws what is not documented. A process tries graphs until its last, or until one ends it; then
 * another goes on behind that.
 */
@Tag("slow")
class ForkedSessionsTest {
  private static final long SEED = 15;
  private static final List<String> FIXTURES = List.of("bert-torchscript", "llama31-genai-int4");

  @TempDir private Path directory;

  @Test
  @Tag("slow")
  void sessions() throws Exception {
    assertHeld(12);
  }

  @Test
  @Tag("nightly")
  void manyMoreSessions() throws Exception {
    assertHeld(500);
  }

  private void assertHeld(int count) throws Exception {
    List<String> lines = new ArrayList<>();
    List<Integer> ended = new ArrayList<>();
    List<String> originals = originals();
    for (int next = 0; next < count; ) {
      List<String> found = trials(next, count, originals);
      lines.addAll(found);
      int last = Integer.parseInt(found.get(found.size() - 1).replaceAll(".* ", ""));
      if (found.get(found.size() - 1).startsWith(SessionTrials.TRIED)) {
        ended.add(last);
      }
      next = last + 1;
    }
    System.out.printf(
        "%d sessions of seed %d: %d used, %d refused, %d untyped, ended or hung %s%n",
        count,
        SEED,
        starting(lines, SessionTrials.USED).size(),
        starting(lines, SessionTrials.REFUSED).size(),
        starting(lines, SessionTrials.UNTYPED).size(),
        ended);
    assertThat(ended).isEmpty();
    assertThat(starting(lines, SessionTrials.UNTYPED)).isEmpty();
    assertThat(starting(lines, SessionTrials.TRIED)).hasSize(count);
    assertThat(starting(lines, SessionTrials.USED)).isNotEmpty();
    assertThat(starting(lines, SessionTrials.REFUSED)).isNotEmpty();
  }

  private static List<String> starting(List<String> lines, String word) {
    return lines.stream().filter(line -> line.startsWith(word)).toList();
  }

  private List<String> originals() throws IOException {
    List<String> originals = new ArrayList<>();
    for (String name : FIXTURES) {
      Path target = Files.createDirectories(directory.resolve(name));
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(Fixtures.named(name).directory())) {
        for (Path file : files) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
      originals.add(target.resolve("model.onnx").toString());
    }
    return originals;
  }

  /** Returns what a process said of graphs until its end, which is forced when it says no more. */
  private List<String> trials(int from, int to, List<String> originals) throws Exception {
    Path output = directory.resolve("output-" + from);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + directory.resolve("hs_err.log"));
    command.addAll(List.of("-cp", TestClassPath.get(), SessionTrials.class.getName()));
    command.addAll(List.of(String.valueOf(SEED), String.valueOf(from), String.valueOf(to)));
    command.addAll(originals);
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(output.toFile())
            .start();
    long said = -1;
    while (!process.waitFor(GraphFuzz.MOST_MILLIS, TimeUnit.MILLISECONDS)) {
      if (Files.size(output) == said) {
        process.destroyForcibly().waitFor();
      }
      said = Files.size(output);
    }
    return Files.readAllLines(output).stream()
        .filter(line -> line.matches("(tried|used|refused|untyped) .*\\d"))
        .toList();
  }
}
