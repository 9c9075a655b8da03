package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Partial evaluation: one continuation after several contexts. */
class ContextsTest {

  private static Example example(int i) {
    return Example.multipleContexts(
        List.of("Row " + i + ": the cat", "Row " + i + ": the mat"), "was sat on.", i % 2);
  }

  private static Task task(int rows, Shots shots) {
    return Task.multipleChoice(
            "t", IntStream.range(0, rows).boxed().toList(), ContextsTest::example)
        .withShots(shots);
  }

  private static List<Example> pool(int n) {
    return IntStream.range(0, n).mapToObj(ContextsTest::example).toList();
  }

  private static List<Response> responses(double... sums) {
    return Arrays.stream(sums)
        .<Response>mapToObj(sum -> new Response.LogLikelihood(sum, 4, false))
        .toList();
  }

  @Test
  void requests_theContinuationAfterEachContext() {
    assertThat(task(2, Shots.none()).requests(1))
        .containsExactly(
            new Request.LogLikelihood("Row 1: the cat", " was sat on."),
            new Request.LogLikelihood("Row 1: the mat", " was sat on."));
  }

  @Test
  void requests_shotsShowTheRightContext_neverTheRowItself() {
    assertThat(task(2, Shots.first(1, pool(2))).requests(0))
        .containsExactly(
            new Request.LogLikelihood(
                "Row 1: the mat was sat on.\n\nRow 0: the cat", " was sat on."),
            new Request.LogLikelihood(
                "Row 1: the mat was sat on.\n\nRow 0: the mat", " was sat on."));
    Task sampled = task(6, Shots.sampled(3, 7, pool(6)));
    for (int row = 0; row < 6; row++) {
      String own = "Row " + row + ": ";
      for (Request request : sampled.requests(row)) {
        Prompt.Text prompt = (Prompt.Text) ((Request.LogLikelihood) request).prompt();
        assertThat(prompt.text().split("\n\n")).hasSize(4);
        assertThat(prompt.text().indexOf(own)).isEqualTo(prompt.text().lastIndexOf(own));
      }
    }
  }

  @Test
  void requests_asConversation_haveOneEach() {
    Task chat = task(2, Shots.first(1, pool(2))).withChat(ChatFormat.standard().withShotsAsTurns());
    List<Message> shot = List.of(Message.user("Row 1: the mat"), Message.assistant("was sat on."));
    assertThat(chat.requests(0))
        .containsExactly(
            new Request.LogLikelihood(
                Prompt.chat(List.of(shot.get(0), shot.get(1), Message.user("Row 0: the cat"))),
                "was sat on."),
            new Request.LogLikelihood(
                Prompt.chat(List.of(shot.get(0), shot.get(1), Message.user("Row 0: the mat"))),
                "was sat on."));
  }

  @Test
  void outcome_theContextThatMakesItMoreProbableWins_theFirstOnATie() {
    for (Metric metric : List.of(Metric.acc(), Metric.accNorm(), Metric.accBytes())) {
      Task task = task(2, Shots.none()).withMetric(metric);
      assertThat(task.outcome(0, responses(-3, -4)))
          .extracting(Outcome::correct, Outcome::answer)
          .containsExactly(true, "Row 0: the cat");
      assertThat(task.outcome(1, responses(-3, -4)))
          .extracting(Outcome::correct, Outcome::answer)
          .containsExactly(false, "Row 1: the cat");
      assertThat(task.outcome(1, responses(-4, -3))).matches(Outcome::correct);
      assertThat(task.outcome(1, responses(-4, -4))).matches(outcome -> !outcome.correct());
      assertThat(task.outcome(0, responses(-1, Double.NaN)))
          .extracting(Outcome::correct, Outcome::answer)
          .containsExactly(false, "NaN");
    }
  }

  private static void assertRefused(Example example, String... parts) {
    assertThatThrownBy(() -> Task.multipleChoice("bad", List.of(example), e -> e))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Task bad, row 0")
        .hasMessageContainingAll(parts);
  }

  @Test
  void badRow_isNamed() {
    List<String> two = List.of("a", "b");
    assertRefused(Example.multipleContexts(two, "", 0), "continuation", "empty");
    assertRefused(Example.multipleContexts(two, "x", 2), "gold is 2", "contexts are 0 to 1");
    assertRefused(Example.multipleContexts(List.of("a"), "x", 0), "contexts are [a]");
    assertRefused(Example.multipleContexts(List.of("a", "a"), "x", 1), "twice", "context 0");
    Example contexts = Example.multipleContexts(two, "x", 0);
    assertThatThrownBy(() -> Task.similarity("bad", List.of(contexts), e -> e))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task bad, row 0", "Task.similarity");
  }
}
