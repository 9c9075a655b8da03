package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Task;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged descriptions and data files become a task that can be asked and scored, or are refused as
 * an IOException that names the file, or an IllegalArgumentException: soon, and nothing else.
 */
@Tag("slow")
class DataFuzzTest {
  private static final long HANG_SECONDS = 10;

  private static final List<String> TOKENS =
      List.of(
          "{{#",
          "{{/names}}",
          "{{thing}}",
          "{{{",
          "{{^thing}}",
          "&a ",
          "*a",
          "!!java.net.URL ",
          "[",
          "{",
          "]",
          "}",
          "\"",
          "\\",
          "\u0000",
          "\uFEFF",
          "\uD83D",
          "1e999999999",
          "-1e-999999999",
          "NaN",
          "null",
          "true",
          "99999999999999999999999",
          ": ",
          "- ",
          "|\n",
          "---\n",
          "\n",
          "\r",
          ",",
          ";",
          "\t",
          "#",
          "?",
          "(a+)+$",
          "(?:.|\\n)*x",
          "\\\\b",
          "check:\n  thing: \"(a|b)*\"\n",
          "functions:\n  f: [{replace: a, with: aaaaaaaaaaaaaaaaaaaaaaaaa}]\n",
          "<<: *a\n",
          "\\ud800",
          "chat: {}\n",
          "shots: {count: 99999999}\n",
          "max_new_tokens: -1\n");

  private static final String DESCRIPTION =
      """
      name: floats
      type: multiple_choice
      check:
        thing: "[a-z]+"
      functions:
        tidy: [trim, {replace: "  ", with: " "}, {remove: "\\\\[.*?\\\\]"}]
      prompt: "{{#tidy}}{{thing}} {{#names}}{{.}} {{/names}}{{/tidy}}?"
      choices: ["no", "yes"]
      target: {boolean: floats}
      metric: acc_norm
      """;

  private static final String GENERATION =
      """
      name: floats
      type: generation
      prompt: "{{thing}}?"
      target: "{{floats}}"
      metric: {exact_match: {ignore: [",", "\\\\$"], ignore_case: true}}
      extraction: [{last_match: "(true|false)\\\\b"}, trim]
      stops: ["\\n"]
      max_new_tokens: 9
      """;

  private static final String JSON_DESCRIPTION =
      """
      {"name": "floats", "type": "multiple_choice", "prompt": "{{thing}}?",
       "choices": ["no", "yes"], "target": {"boolean": "floats"}}
      """;

  private static final String ROWS =
      """
      {"thing": "cork", "floats": true, "names": ["a", "b"], "n": 1.5e3}
      {"thing": "iron", "floats": false, "names": ["c", "d"], "n": -0.25}
      """;

  private static final String TABLE =
      "thing,floats,names\ncork,true,\"a, \"\"b\"\"\"\niron,false,\n";

  @TempDir Path folder;

  private final Map<String, List<byte[]>> descriptions = new LinkedHashMap<>();
  private final Map<String, byte[]> data = new LinkedHashMap<>();
  private final Map<String, Integer> outcomes = new TreeMap<>();

  @BeforeEach
  void seeds() throws IOException, SQLException {
    List<byte[]> yaml = new ArrayList<>(List.of(utf8(DESCRIPTION), utf8(GENERATION)));
    for (String name : DescriptionFile.BUILT_IN) {
      try (InputStream in = DescriptionFile.class.getResourceAsStream(name + ".yaml")) {
        yaml.add(Objects.requireNonNull(in).readAllBytes());
      }
    }
    descriptions.put("task.yaml", yaml);
    descriptions.put("task.json", List.of(utf8(JSON_DESCRIPTION)));
    data.put("rows.jsonl", utf8(ROWS));
    data.put("rows.json", utf8("[" + ROWS.strip().replace("\n", ",\n") + "]"));
    data.put("rows.csv", utf8(TABLE));
    data.put("rows.tsv", utf8(TABLE.replace(',', '\t')));
    data.put("rows.parquet", parquet());
  }

  private byte[] parquet() throws IOException, SQLException {
    Path file = folder.resolve("seed.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT 'cork' thing, true floats, ['a', 'b'] names) TO '"
              + file
              + "' (FORMAT parquet)");
    }
    return Files.readAllBytes(file);
  }

  @Test
  void whatIsNotDamagedIsATask() throws IOException {
    for (String text : List.of(DESCRIPTION, GENERATION)) {
      Path description = Files.writeString(folder.resolve("base.yaml"), text);
      for (Map.Entry<String, byte[]> rows : data.entrySet()) {
        use(
            Tasks.fromFile(
                description, Files.write(folder.resolve(rows.getKey()), rows.getValue())));
      }
    }
  }

  @Test
  void aFewMutants() throws IOException {
    fuzz(300);
  }

  @Test
  @Tag("nightly")
  void twentyThousandMutants() throws IOException {
    fuzz(20_000);
  }

  private void fuzz(int mutants) throws IOException {
    long seed = Long.getLong("tale.fuzz.seed", new Random().nextLong());
    System.out.println("DataFuzzTest: seed " + seed);
    double slowest = 0;
    for (int i = 0; i < mutants; i++) {
      long start = System.nanoTime();
      mutant(new Random(seed + i), "seed " + seed + ", mutant " + i);
      slowest = Math.max(slowest, (System.nanoTime() - start) / 1e9);
      assertThat(slowest).as("seconds, seed %d, mutant %d", seed, i).isLessThan(HANG_SECONDS);
    }
    System.out.printf(
        "DataFuzzTest: seed %d, %d mutants, slowest %.2f s, %s%n",
        seed, mutants, slowest, outcomes);
    assertThat(outcomes).containsKeys("task", "IOException");
  }

  private void mutant(Random random, String name) throws IOException {
    String description = pick(random, List.copyOf(descriptions.keySet()));
    String rows = pick(random, List.copyOf(data.keySet()));
    byte[] described = pick(random, Objects.requireNonNull(descriptions.get(description)));
    byte[] held = Objects.requireNonNull(data.get(rows));
    boolean ofData = random.nextBoolean();
    Path descriptionFile =
        Files.write(
            folder.resolve(ofData ? "base.yaml" : description),
            ofData ? utf8(base(random)) : mutated(random, described));
    Path dataFile = Files.write(folder.resolve(rows), ofData ? mutated(random, held) : held);
    try {
      use(Tasks.fromFile(descriptionFile, dataFile));
      outcomes.merge("task", 1, Integer::sum);
    } catch (IOException e) {
      assertThat(e).as(name).hasMessageContaining(folder.toString());
      assertThat(e.getMessage().length()).as(name + ": " + e.getMessage()).isLessThan(4000);
      outcomes.merge("IOException", 1, Integer::sum);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).as(name).contains("Task ");
      outcomes.merge("IllegalArgumentException", 1, Integer::sum);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(name + ": " + e, e);
    }
  }

  private static String base(Random random) {
    return random.nextBoolean() ? DESCRIPTION : GENERATION;
  }

  private static void use(Task task) {
    for (int row = 0; row < task.size(); row++) {
      List<Request> requests = task.requests(row);
      List<Response> responses = new ArrayList<>();
      for (Request request : requests) {
        responses.add(
            request instanceof Request.Generation
                ? new Response.Generation(
                    "It is 1,000 true. " + "ab".repeat(500), 3, Response.Generation.Stop.LENGTH)
                : new Response.LogLikelihood(-1, 2, false));
      }
      assertThat(task.outcome(row, responses).answer()).isNotNull();
    }
    assertThat(task.contentHash()).hasSize(64);
  }

  private static byte[] mutated(Random random, byte[] seed) {
    byte[] bytes = seed;
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes = mutatedOnce(random, bytes);
    }
    return bytes;
  }

  private static byte[] mutatedOnce(Random random, byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + random.nextInt(1 << random.nextInt(8)));
    byte[] middle = Arrays.copyOfRange(bytes, from, to);
    return switch (random.nextInt(7)) {
      case 0 -> joined(bytes, from, flipped(random, middle), to);
      case 1 -> joined(bytes, from, new byte[0], to);
      case 2 -> joined(bytes, from, repeated(middle, 1 + random.nextInt(20)), to);
      case 3 -> joined(bytes, from, utf8(pick(random, TOKENS)), from);
      case 4 ->
          joined(bytes, from, repeated(utf8(pick(random, TOKENS)), 1 << random.nextInt(14)), to);
      case 5 -> Arrays.copyOf(bytes, from);
      default -> joined(bytes, random.nextInt(from + 1), middle, from);
    };
  }

  private static byte[] flipped(Random random, byte[] bytes) {
    if (bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] repeated(byte[] bytes, int times) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  private static byte[] joined(byte[] bytes, int from, byte[] middle, int to) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(bytes, 0, from);
    all.writeBytes(middle);
    all.write(bytes, to, bytes.length - to);
    return all.toByteArray();
  }

  private static <T> T pick(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
