package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.Response.Stop;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real boolean expressions of BIG-Bench-Hard in the forms of lm-evaluation-harness: leaderboard
 * (multiple choice), zeroshot and fewshot (generation). Skipped where the data is not.
 */
class BigBenchHardTest {
  private static final Path FOLDER = Path.of("../../shared/data/bbh");
  private static final String DESCRIPTION = "Evaluate the result of a random Boolean expression.";
  private static final List<String> CHOICES = List.of("False", "True");
  private static final List<String> SHOT_TARGETS = List.of("False", "False", "True");
  private static final int ROWS = 120;
  private static final int LAYERS = 4;

  /** Removing layer 3 spoils every third row; removing layer 1 mends what was wrong. */
  private static final Script SCRIPT =
      (mask, row) -> (row % 5 != 0 || mask.removes(1)) && !(mask.removes(3) && row % 3 == 0);

  private static List<JsonNode> rows = List.of();
  private static List<String> shots = List.of();

  @BeforeAll
  static void readRows() throws IOException {
    Path file = FOLDER.resolve("boolean_expressions.json");
    assumeThat(file).as("BIG-Bench-Hard rows, not part of this repository").exists();
    List<JsonNode> all = new ArrayList<>();
    new ObjectMapper().readTree(file.toFile()).get("examples").forEach(all::add);
    rows = all.subList(0, ROWS);
    String prompts = Files.readString(FOLDER.resolve("boolean_expressions.cot-prompt.txt"));
    shots =
        Pattern.compile("(?m)^Q: (.*)$").matcher(prompts).results().map(m -> m.group(1)).toList();
  }

  private static String prompt(String input) {
    return "Q: " + input + "\nA:";
  }

  private static Example choice(String input, String target) {
    return Example.multipleChoice(prompt(input), CHOICES, CHOICES.indexOf(target));
  }

  private static Example answer(String input, String target) {
    return Example.generation(prompt(input), target);
  }

  private static Task leaderboard() {
    List<Example> pool =
        IntStream.range(0, 3).mapToObj(i -> choice(shots.get(i), SHOT_TARGETS.get(i))).toList();
    return Task.multipleChoice(
            "leaderboard_bbh_boolean_expressions",
            rows,
            row -> choice(row.get("input").textValue(), row.get("target").textValue()))
        .withMetric(Metric.accNorm())
        .withPromptFormat(PromptFormat.standard().withDescription(DESCRIPTION))
        .withShots(Shots.first(3, pool));
  }

  private static Task generation(String name, String... stops) {
    return Task.generation(
            name,
            rows,
            row -> answer(row.get("input").textValue(), row.get("target").textValue()),
            Decoding.until(stops))
        .withPromptFormat(PromptFormat.standard().withDescription(DESCRIPTION + "\n\n"));
  }

  private static Task zeroshot() {
    return generation("bbh_zeroshot_boolean_expressions", "</s>", "Q:", "<|im_end|>")
        .withExtraction(Extraction.firstMatch("\\b(True|False)\\b"))
        .withMetric(Metric.exactMatch().ignoringCase().ignoring("\\.$", ",", "\n", "\\\\", "\""));
  }

  private static Task fewshot() {
    List<Example> pool =
        IntStream.range(0, 3).mapToObj(i -> answer(shots.get(i), SHOT_TARGETS.get(i))).toList();
    return generation("bbh_fewshot_boolean_expressions", "</s>", "Q", "\n\n")
        .withExtraction(Extraction.asIs())
        .withShots(Shots.first(3, pool));
  }

  private static void assertScored(Task task) {
    LayeredModel model = ScriptedModel.of(LAYERS, SCRIPT, task);
    for (LayerMask mask : List.of(LayerMask.none(LAYERS), LayerMask.of(LAYERS, 1, 3))) {
      for (int row = 0; row < ROWS; row++) {
        Outcome outcome =
            task.outcome(row, model.respond(task.requests(row), List.of(mask)).get(0));
        assertThat(outcome.correct()).as("row %d", row).isEqualTo(SCRIPT.correct(mask, row));
      }
    }
  }

  @Test
  void leaderboard_asksAsTheHarness() {
    Task task = leaderboard();
    String prompt =
        DESCRIPTION
            + "Q: not ( ( not not True ) ) is\nA: False\n\n"
            + "Q: True and False and not True and True is\nA: False\n\n"
            + "Q: not not ( not ( False ) ) is\nA: True\n\n"
            + "Q: not ( True ) and ( True ) is\nA:";
    assertThat(task.requests(0))
        .containsExactly(
            new Request.LogLikelihood(prompt, " False"),
            new Request.LogLikelihood(prompt, " True"));
  }

  @Test
  void leaderboard_scoresRealRows() {
    assertScored(leaderboard());
  }

  @Test
  void leaderboard_accNormCanDisagreeWithAcc() {
    List<Response> responses =
        List.of(
            new Response.LogLikelihood(-4.5, 1, false), new Response.LogLikelihood(-4.0, 1, true));
    assertThat(leaderboard().outcome(0, responses))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "False");
    assertThat(leaderboard().withMetric(Metric.acc()).outcome(0, responses))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, "True");
  }

  @Test
  void zeroshot_asksAsTheHarness() {
    assertThat(zeroshot().requests(0))
        .containsExactly(
            new Request.Generation(
                DESCRIPTION + "\n\nQ: not ( True ) and ( True ) is\nA:",
                List.of("</s>", "Q:", "<|im_end|>"),
                256));
  }

  @Test
  void zeroshot_scoresRealRows() {
    assertScored(zeroshot());
  }

  @ParameterizedTest
  @CsvSource({
    "' False.', true, False",
    "'The value is False, not True', true, False",
    "' True or False', false, True",
    "' false', false, [invalid]",
    "'', false, [invalid]"
  })
  void zeroshot_extractsFlexibly(String text, boolean correct, String answer) {
    assertThat(outcome(zeroshot(), text))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(correct, answer);
  }

  @Test
  void fewshot_nothingTrims() {
    assertScored(fewshot());
    assertThat(outcome(fewshot(), "False"))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "False");
    assertThat(outcome(fewshot(), " False"))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(false, " False");
  }

  private static Outcome outcome(Task task, String text) {
    return task.outcome(0, List.of(new Response.Generation(text, 1, Stop.STOP_STRING)));
  }
}
