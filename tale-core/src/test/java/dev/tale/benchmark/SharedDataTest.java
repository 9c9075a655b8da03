package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real rows, beside the repository where they are. */
class SharedDataTest {
  private static final Path DATA = Path.of("..", "..", "shared", "data");

  @BeforeEach
  void dataAreThere() {
    assumeTrue(Files.isDirectory(DATA), () -> "no real rows: " + DATA.toAbsolutePath() + " absent");
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(DATA)) {
      return all.filter(file -> file.toString().matches(".*\\.(jsonl|json|csv|parquet)"))
          .filter(file -> !file.getParent().endsWith("templates"))
          .sorted()
          .toList();
    }
  }

  @Test
  void everyRowOfEveryFileIsARow() throws IOException {
    List<Path> files = files();
    assertThat(files).hasSizeGreaterThan(30);
    for (Path file : files) {
      RecognizedTask read = Tasks.recognize(file);

      assertThat(read.task().size()).as("%s", file).isEqualTo(read.rowsRead());
      if (file.toString().endsWith(".jsonl")) {
        assertThat((long) read.rowsRead())
            .as("%s", file)
            .isEqualTo(Files.readAllLines(file).stream().filter(line -> !line.isBlank()).count());
      }
    }
  }

  @Test
  void bothFormsOfAFileAskTheSame() throws IOException {
    assertSame(
        "commonsense_qa/dev_rand_split.original", "commonsense_qa/commonsense_qa_validation.hf");
    assertSame("winogrande/winogrande_dev.original", "winogrande/winogrande_xl_validation.hf");
    assertSame("boolq/boolq_dev.original", "boolq/boolq_val.superglue");
  }

  private static void assertSame(String original, String other) throws IOException {
    Task first = Tasks.recognize(DATA.resolve(original + ".jsonl")).task();
    Task second = Tasks.recognize(DATA.resolve(other + ".jsonl")).task();
    assertThat(first.size()).isEqualTo(second.size());
    for (int row = 0; row < first.size(); row++) {
      assertThat(second.requests(row)).isEqualTo(first.requests(row));
      assertThat(second.target(row)).isEqualTo(first.target(row));
    }
  }

  @Test
  void hellaswagIsCleanedAsOthersCleanIt() throws IOException {
    Path folder = DATA.resolve("hellaswag");
    Map<String, JsonNode> cleaned = new HashMap<>();
    for (JsonNode row : rows(folder.resolve("hellaswag_val_olmes_docs.repo-schema.jsonl"))) {
      cleaned.put(row.get("query").asText(), row);
    }
    Task task = Benchmark.HELLASWAG.task(folder.resolve("hellaswag_val_subset.original.jsonl"));
    int shared = 0;
    for (int row = 0; row < task.size(); row++) {
      List<Request> requests = task.requests(row);
      JsonNode same = cleaned.get(prompt(requests.get(0)));
      if (same != null) {
        shared++;
        for (int i = 0; i < requests.size(); i++) {
          assertThat(((Request.LogLikelihood) requests.get(i)).continuation())
              .isEqualTo(" " + same.get("choices").get(i).asText());
        }
        assertThat(task.target(row))
            .isEqualTo(same.get("choices").get(same.get("gold").asInt()).asText());
      }
    }
    assertThat(shared).isPositive();
  }

  private static String prompt(Request request) {
    return ((Prompt.Text) ((Request.LogLikelihood) request).prompt()).text();
  }

  private static List<JsonNode> rows(Path file) throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .map(
              line -> {
                try {
                  return json.readTree(line);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              })
          .toList();
    }
  }
}
