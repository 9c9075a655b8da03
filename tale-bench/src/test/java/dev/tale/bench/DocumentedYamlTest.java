package dev.tale.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tale.benchmark.Tasks;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every block of YAML in the documents is YAML, and every task in one is read with rows. Its data
 * are in {@code docs/tasks} of the test resources, or beside the tasks that tale-core's tests read:
 * under the name that the description gives, otherwise under the task's with {@code .jsonl}.
 */
class DocumentedYamlTest {
  private static final List<Path> DATA =
      List.of(
          Path.of("src/test/resources/docs/tasks"),
          Document.ROOT.resolve("tale-core/src/test/resources/dev/tale/benchmark/documented"));

  private final ObjectMapper mapper =
      new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  @TempDir Path directory;

  @Test
  void isReadAndTasksHaveRows() throws IOException {
    copyData();
    int tasks = 0;
    for (Document document : Document.all()) {
      for (Document.Block block : document.blocks("yaml")) {
        JsonNode yaml = mapper.readTree(block.code());
        assertThat(yaml.isEmpty()).as(block.place()).isFalse();
        if (yaml.has("type") || yaml.has("base")) {
          requireRows(block, yaml);
          tasks++;
        }
      }
    }
    assertThat(tasks).isPositive();
  }

  private void requireRows(Document.Block block, JsonNode yaml) throws IOException {
    String name = yaml.get("name").asText();
    Path description = directory.resolve(name + ".yaml");
    Files.writeString(description, block.code());
    Task task =
        yaml.has("data")
            ? Tasks.fromFile(description)
            : Tasks.fromFile(description, directory.resolve(name + ".jsonl"));
    assertThat(task.size()).as(block.place()).isPositive();
    assertThat(task.requests(0)).as(block.place()).isNotEmpty();
  }

  private void copyData() throws IOException {
    for (Path folder : DATA) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
          Files.copy(file, directory.resolve(file.getFileName()));
        }
      }
    }
  }
}
