package dev.tale.onnx.nano;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Request;
import dev.tale.onnx.nano.BooleanExpressions.Row;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NanoTaskTest {
  private static final long SEED = 99;

  /** BOS, Q and the colon before the words; the line feed, A and the colon after them. */
  private static final int TOKENS_AROUND = 6;

  private static int many(NanoTask task) {
    return (int) Math.min(1500, task.available());
  }

  @ParameterizedTest
  @EnumSource
  void rows_areDifferentAndTrueAndTakeTheDifficultiesInTurn(NanoTask task) {
    List<Row> rows = task.rows(many(task), SEED);
    assertThat(rows).hasSize(many(task)).extracting(Row::input).doesNotHaveDuplicates();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      assertThat(PlainAnswers.answer(row.input())).as(row.input()).isEqualTo(row.target());
      assertThat(PlainAnswers.difficulty(row.input()))
          .as(row.input())
          .isEqualTo(task.difficulties().get(i % task.difficulties().size()));
    }
    Set<String> answers = rows.stream().map(Row::target).collect(Collectors.toSet());
    assertThat(task.answers()).containsAll(answers);
    assertThat(answers).hasSizeGreaterThanOrEqualTo(Math.min(6, task.answers().size()));
  }

  /** SHA-256 over {@code input TAB target LF} of 100 rows of every task: they do not change. */
  @Test
  void rows_areThoseOfEarlier() {
    Hasher hasher = Hashing.sha256().newHasher();
    for (NanoTask task : NanoTask.values()) {
      task.rows(100, 7)
          .forEach(
              row ->
                  hasher.putString(
                      row.input() + "\t" + row.target() + "\n", StandardCharsets.UTF_8));
    }
    assertThat(hasher.hash())
        .hasToString("3f257d1e0ef409d9fb533eca2211a447a22e36bb24d68ddb3fa7b8af60c7c140");
  }

  @ParameterizedTest
  @EnumSource
  void rows_fewerAreTheFirstOfMore_anotherSeedGivesOthers(NanoTask task) {
    assertThat(task.rows(50, 3)).isEqualTo(task.rows(80, 3).subList(0, 50));
    assertThat(task.rows(50, 3)).isNotEqualTo(task.rows(50, 4));
  }

  @Test
  void rows_ofModular_areAllThatThereAre() {
    Set<String> all = new HashSet<>();
    for (int a = 0; a < 10; a++) {
      for (int b = 0; b < 10; b++) {
        for (String operator : List.of("+", "-", "*")) {
          all.add(a + " " + operator + " " + b + " mod 2 is");
          all.add(a + " " + operator + " " + b + " mod 10 is");
        }
      }
    }
    assertThat(NanoTask.MODULAR.available()).isEqualTo(600);
    assertThat(NanoTask.MODULAR.rows(600, SEED))
        .extracting(Row::input)
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @ParameterizedTest
  @CsvSource({
    "MODULAR, 601, 600",
    "MODULAR_OTHER, 2101, 2100",
    "MAX, 4001, 4000",
    "LAST, -1, 4000"
  })
  void rows_moreThanThereAre_isRefused(NanoTask task, int n, int most) {
    assertThatThrownBy(() -> task.rows(n, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("n is " + n, task.toString(), "0 to " + most);
  }

  @Test
  void rows_ofADifficultyThatTheTaskLacks_isRefused() {
    assertThatThrownBy(() -> NanoTask.MAX.rows(7, 10, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("7", "max", "[3, 4, 5, 6]");
  }

  @Test
  void available_isWhatCountingGives() {
    assertThat(RowKind.BOOLEAN.available(0)).isEqualTo(2);
    assertThat(RowKind.BOOLEAN.available(1)).isEqualTo(10);
    assertThat(RowKind.BOOLEAN.available(2)).isEqualTo(10 + 2 * (12 * 12 - 2 * 2));
    assertThat(RowKind.LOOKUP.available(3)).isEqualTo(60L * 720 * 3);
    assertThat(RowKind.FIRST.available(4)).isEqualTo(10_000);
    for (int n = 2; n <= 5; n++) {
      assertThat(RowKind.COUNT.available(n)).as("%s digits", n).isEqualTo(10 * listsWithFew(n));
    }
    assertThat(NanoTask.BOOLEAN_DEEPER.available()).isGreaterThan(Integer.MAX_VALUE);
  }

  /** Lists of n digits in which 0 occurs at most three times. */
  private static long listsWithFew(int n) {
    return IntStream.range(0, (int) Math.pow(10, n)).filter(list -> zeros(list, n) <= 3).count();
  }

  private static int zeros(int list, int n) {
    int zeros = 0;
    int rest = list;
    for (int i = 0; i < n; i++) {
      zeros += rest % 10 == 0 ? 1 : 0;
      rest /= 10;
    }
    return zeros;
  }

  @ParameterizedTest
  @EnumSource
  void split_hasNoRowTwice(NanoTask task) {
    int heldOut = many(task) - 500;
    TaskSplit split = task.split(500, heldOut, SEED);
    assertThat(split.selection().size()).isEqualTo(500);
    assertThat(split.heldOut().size()).isEqualTo(heldOut);
    Set<List<Request>> requests = new HashSet<>();
    for (Task part : List.of(split.selection(), split.heldOut())) {
      IntStream.range(0, part.size()).forEach(row -> requests.add(part.requests(row)));
    }
    assertThat(requests).hasSize(many(task));
  }

  @Test
  void task_isAChoiceAmongTheAnswers() {
    Task task = NanoTask.COUNT_LONGER.task(6, 7);
    assertThat(task.name()).isEqualTo("count, longer, seed 7");
    assertThat(task.metric()).isEqualTo("acc");
    Row first = NanoTask.COUNT_LONGER.rows(6, 7).get(0);
    String prompt = "Q: " + first.input() + "\nA:";
    assertThat(task.target(0)).isEqualTo(first.target());
    assertThat(task.requests(0))
        .isEqualTo(
            IntStream.rangeClosed(0, 3)
                .mapToObj(count -> new Request.LogLikelihood(prompt, " " + count))
                .toList());
  }

  /** Prompts of tasks.py are read as ours are, and tokenized as in Python. */
  @Test
  void promptsOfPython_haveOneFormWithOurs() throws IOException {
    try (TextTokenizer tokenizer =
        TextTokenizer.open(NanoLlama.directory().resolve("tokenizer.json"))) {
      PromptEncoder encoder = new PromptEncoder(tokenizer);
      Set<Long> trained = new HashSet<>();
      for (TrainedTask.Example each : TrainedTask.allExamples()) {
        assertThat(PlainAnswers.answer(each.input())).as(each.input()).isEqualTo(each.target());
        assertThat(encode(encoder, each.input())).as(each.input()).isEqualTo(each.tokens());
        trained.addAll(each.tokens().asList());
      }
      for (NanoTask task : NanoTask.values()) {
        task.rows(300, SEED).forEach(row -> requireTrained(encoder, row.input(), trained));
      }
    }
  }

  private static void requireTrained(PromptEncoder encoder, String input, Set<Long> trained) {
    ImmutableLongArray tokens = encode(encoder, input);
    assertThat(tokens.length())
        .as("tokens of %s", input)
        .isEqualTo(input.split(" ", -1).length + TOKENS_AROUND);
    assertThat(trained).as(input).containsAll(tokens.asList());
  }

  private static ImmutableLongArray encode(PromptEncoder encoder, String input) {
    return encoder.encode("Q: " + input + "\nA:");
  }
}
