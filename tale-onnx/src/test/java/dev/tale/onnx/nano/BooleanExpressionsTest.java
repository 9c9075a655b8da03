package dev.tale.onnx.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.tale.model.Request;
import dev.tale.onnx.nano.BooleanExpressions.Row;
import dev.tale.task.Task;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BooleanExpressionsTest {
  private static final String DUMP = "/models/nano-llama-expected/boolean-depth5-seed7.jsonl";
  private static final Pattern NOT = Pattern.compile("not (True|False)");
  private static final Pattern BRACKETS = Pattern.compile("\\( (True|False) \\)");
  private static final Pattern BINARY = Pattern.compile("(True|False) (and|or) (True|False)");

  @Test
  void rows_firstOnes() {
    assertThat(BooleanExpressions.rows(3, 4, 7))
        .containsExactly(
            new Row("not ( True and False ) or ( True or ( False or True ) ) is", "True"),
            new Row("not not ( True and False ) is", "False"),
            new Row("not ( False and False ) and True is", "True"),
            new Row("True and not ( True or False ) is", "False"));
  }

  /** SHA-256 over {@code input TAB target LF} of all rows, from boolean_expressions.py. */
  @ParameterizedTest
  @CsvSource({
    "0, 2, 0, 76861fe1477cea915cd345a0889a7f2c2c67343b518f9db5fa958af2d763e3ee",
    "3, 200, 1, 9e7aad550fbfa93767c0bea12e6b56752b56d5a8e44a862385ae82936a674f67",
    "5, 1000, 7, 9dbfebee74284c46df927a0690fc462e8faf6c4b14385cb37a4474e7621a5077",
    "6, 300, -5, e13d2b8163b4afc22abe297d283559fd50fff3b754e11bac7d0bd13d92bfef2c",
    "2, 40, 123456789012345, 25b9dbbf016c88728755b18626ffad8078c2baf9c888e6d3dbaf280f88e0b3a5"
  })
  void rows_areThoseOfPython(int depth, int n, long seed, String sha256) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (Row row : BooleanExpressions.rows(depth, n, seed)) {
      hasher.putString(row.input() + "\t" + row.target() + "\n", StandardCharsets.UTF_8);
    }
    assertThat(hasher.hash()).hasToString(sha256);
  }

  @Test
  void rows_areThoseOfTheDump() throws IOException {
    InputStream dump = BooleanExpressionsTest.class.getResourceAsStream(DUMP);
    assumeThat(dump).as("rows dumped with nano-llama").isNotNull();
    List<Row> expected = read(Objects.requireNonNull(dump));
    assertThat(BooleanExpressions.rows(5, expected.size(), 7)).isEqualTo(expected);
  }

  private static List<Row> read(InputStream dump) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(dump, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode row = new ObjectMapper().readTree(line);
        rows.add(new Row(row.get("input").textValue(), row.get("target").textValue()));
      }
    }
    return rows;
  }

  @Test
  void rows_fewerAreTheFirstOfMore() {
    assertThat(BooleanExpressions.rows(4, 50, 3))
        .isEqualTo(BooleanExpressions.rows(4, 80, 3).subList(0, 50));
  }

  @ParameterizedTest
  @CsvSource({"1, 10", "2, 200", "4, 300", "7, 100"})
  void rows_areDifferentBalancedAndTrue(int depth, int n) {
    List<Row> rows = BooleanExpressions.rows(depth, n, 99);
    assertThat(rows).extracting(Row::input).hasSize(n).doesNotHaveDuplicates();
    assertThat(rows).filteredOn(row -> row.target().equals("True")).hasSize((n + 1) / 2);
    assertThat(rows).allSatisfy(row -> assertThat(value(row.input())).isEqualTo(row.target()));
  }

  /** Rewrites one step after another until one literal is left. */
  static String value(String input) {
    String rest = input.substring(0, input.length() - " is".length());
    while (rest.contains(" ")) {
      String next = step(rest);
      assertThat(next).isNotEqualTo(rest);
      rest = next;
    }
    return rest;
  }

  /** Brackets and not come before and, or. */
  private static String step(String rest) {
    String simpler =
        NOT.matcher(rest).replaceAll(not -> not.group(1).equals("True") ? "False" : "True");
    simpler = BRACKETS.matcher(simpler).replaceAll("$1");
    return simpler.equals(rest)
        ? BINARY.matcher(rest).replaceFirst(BooleanExpressionsTest::join)
        : simpler;
  }

  private static String join(MatchResult binary) {
    boolean left = binary.group(1).equals("True");
    boolean right = binary.group(3).equals("True");
    return (binary.group(2).equals("and") ? left && right : left || right) ? "True" : "False";
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 2", "1, 11, 10"})
  void rows_moreThanThereAre_isRefused(int depth, int n, int exist) {
    assertThatThrownBy(() -> BooleanExpressions.rows(depth, n, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("n is " + n, "depth " + depth, "after " + exist + " rows");
  }

  @Test
  void rows_negative_isRefused() {
    assertThatThrownBy(() -> BooleanExpressions.rows(-1, 3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("depth is -1");
  }

  @Test
  void task_asksForFalseOrTrue() {
    Task task = BooleanExpressions.task(3, 4, 7);
    assertThat(task.size()).isEqualTo(4);
    assertThat(task.metric()).isEqualTo("acc");
    assertThat(task.target(1)).isEqualTo("False");
    String prompt = "Q: not not ( True and False ) is\nA:";
    assertThat(task.requests(1))
        .containsExactly(
            new Request.LogLikelihood(prompt, " False"),
            new Request.LogLikelihood(prompt, " True"));
  }
}
