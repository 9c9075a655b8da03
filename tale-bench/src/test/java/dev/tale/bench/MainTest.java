package dev.tale.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.tale.bench.command.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
  @TempDir Path directory;

  @Test
  void engine_takesEveryOptionThatItsUsageNames() throws Exception {
    Path out = directory.resolve("engine.json");
    run("engine", "--model", "nano", "--rows", "8", "--search-rows", "4", "--search-rounds", "2")
        .with("--depth", "2", "--header-tokens", "0", "--row-tokens", "0", "--seeds", "1")
        .with("--repeats", "2", "--out", out.toString())
        .now();
    JsonNode engine = new ObjectMapper().readTree(out.toFile());
    assertThat(engine.get("repeats").asInt()).isEqualTo(2);
    assertThat(engine.get("identicalPath").asBoolean()).isTrue();
    assertThat(engine.get("identicalRounds").asBoolean()).isTrue();
    assertThat(engine.at("/round/identical").asBoolean()).isTrue();
  }

  @Test
  void engine_repeatsAtLeastOnce() {
    assertThatThrownBy(
            () -> run("engine", "--model", "nano", "--repeats", "0", "--out", "never").now())
        .isInstanceOf(UsageException.class)
        .hasMessageContaining("--repeats is 0");
  }

  @Test
  void growth_saysThatADirectoryHoldsNoModels() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Path out = directory.resolve("growth.json");
    assertThatThrownBy(
            () -> run("growth", "--models", empty.toString(), "--out", out.toString()).now())
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll(empty.toString(), "holds no model", "config.json");
    assertThat(out).doesNotExist();
  }

  @Test
  void growth_saysThatADirectoryIsNotThere() {
    String nowhere = directory.resolve("nowhere").toString();
    assertThatThrownBy(() -> run("growth", "--models", nowhere, "--out", nowhere + ".json").now())
        .isInstanceOf(UsageException.class)
        .hasMessageContainingAll(nowhere, "is no directory");
  }

  private static Command run(String... arguments) {
    return new Command(ImmutableList.copyOf(arguments));
  }

  private record Command(ImmutableList<String> arguments) {
    Command with(String... more) {
      return new Command(ImmutableList.<String>builder().addAll(arguments).add(more).build());
    }

    void now() throws Exception {
      Main.run(arguments.toArray(String[]::new));
    }
  }
}
