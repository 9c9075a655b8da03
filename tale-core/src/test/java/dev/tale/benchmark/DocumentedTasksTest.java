package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.model.Request;
import dev.tale.task.Task;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the documents say of descriptions is what works. */
class DocumentedTasksTest {
  private static final Path DOCUMENT = Path.of("..", "docs", "tasks.md");

  private static Path example(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(DocumentedTasksTest.class.getResource("documented/" + name))
            .toURI());
  }

  @Test
  void theExampleIsInTheReadmeAndWorks() throws IOException, URISyntaxException {
    assertThat(Files.readString(DOCUMENT))
        .contains("```yaml\n" + Files.readString(example("tickets.yaml")) + "```");

    Task task = Tasks.fromFile(example("tickets.yaml"));

    assertThat(task.size()).isEqualTo(2);
    assertThat(task.target(0)).isEqualTo("billing");
    assertThat(task.requests(0).get(2))
        .isEqualTo(
            new Request.LogLikelihood(
                """
                Ticket: Where is my parcel?
                Team: shipping

                Ticket: The invoice is wrong.
                Team: billing

                Ticket: I was charged twice.
                Team:\
                """,
                " technical"));
  }

  @Test
  void theExampleWithABaseIsInTheReadmeAndWorks() throws IOException, URISyntaxException {
    String description = Files.readString(example("short_gsm8k.yaml"));
    assertThat(Files.readString(DOCUMENT)).contains("```yaml\n" + description + "```");

    Description read = DescriptionFile.read(example("short_gsm8k.yaml"));

    assertThat(read.shots().count()).isEqualTo(3);
    assertThat(read.style().decoding().orElseThrow().maxNewTokens()).isEqualTo(64);
  }

  @Test
  void everyKeyIsDocumented() throws IOException {
    String keys = Files.readString(DOCUMENT);
    for (List<String> known : List.of(Description.KEYS, ShotRule.KEYS, TargetRule.KEYS)) {
      assertThat(known).allSatisfy(key -> assertThat(keys).contains("`" + key + "`"));
    }
  }
}
