package dev.tale.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The workflow runs the README's commands. */
class WorkflowTest {

  @Test
  void runsTheCommandsOfTheReadme() throws IOException {
    List<String> commands =
        Document.of("README.md").blocks().stream()
            .flatMap(block -> block.code().lines())
            .filter(line -> line.startsWith("mvn -B -ntp "))
            .toList();
    assertThat(commands).hasSize(2);
    assertThat(Files.readAllLines(Document.ROOT.resolve(".github/workflows/build.yml")))
        .map(String::strip)
        .map(line -> line.replace("- run: ", ""))
        .containsAll(commands);
  }
}
