package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Prompt;
import dev.tale.model.Request;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShotsTest {

  private static List<Example> examples(int n) {
    return IntStream.range(0, n).mapToObj(ShotsTest::example).toList();
  }

  private static Example example(int i) {
    return Example.multipleChoice("Q" + i, List.of("no", "yes"), i % 2);
  }

  private static Task task(int rows, Shots shots) {
    return Task.multipleChoice("t", examples(rows), e -> e).withShots(shots);
  }

  private static String prompt(Task task, int row) {
    Request request = task.requests(row).get(0);
    Prompt prompt =
        request instanceof Request.Generation generation
            ? generation.prompt()
            : ((Request.LogLikelihood) request).prompt();
    return ((Prompt.Text) prompt).text();
  }

  @Test
  void first_areShownInOrderBeforeTheRow() {
    Task task = task(5, Shots.first(2, examples(3)));
    assertThat(prompt(task, 4)).isEqualTo("Q0 no\n\nQ1 yes\n\nQ4");
    PromptFormat format = new PromptFormat("D ", ": ", " | ");
    assertThat(prompt(task.withPromptFormat(format), 4)).isEqualTo("D Q0: no | Q1: yes | Q4");
  }

  @Test
  void first_theRowItselfIsLeftOut() {
    Task task = task(5, Shots.first(2, examples(3)));
    assertThat(prompt(task, 1)).isEqualTo("Q0 no\n\nQ2 no\n\nQ1");
  }

  @Test
  void aRowOfAPoolWithoutMore_hasAShotFewer() {
    Task task = task(5, Shots.first(3, examples(3)));
    assertThat(prompt(task, 1)).isEqualTo("Q0 no\n\nQ2 no\n\nQ1");
    assertThat(shots(task, 4)).hasSize(3);
    Task sampled = task(5, Shots.sampled(3, 7, examples(3)));
    assertThat(shots(sampled, 1)).containsExactlyInAnyOrder("Q0 no", "Q2 no");
    assertThat(shots(sampled, 4)).hasSize(3);
  }

  @Test
  void generationShots_showTheFirstReference() {
    List<Example> pool = List.of(Example.generation("A", "a", "b"));
    Task task =
        Task.generation("t", List.of("x"), r -> Example.generation("R", r), Decoding.until())
            .withShots(Shots.first(1, pool));
    assertThat(prompt(task, 0)).isEqualTo("A a\n\nR");
  }

  @Test
  void none_isTheDefault() {
    Task task = Task.multipleChoice("t", examples(2), e -> e);
    assertThat(task.withShots(Shots.first(1, examples(2))).withShots(Shots.none()).contentHash())
        .isEqualTo(task.contentHash());
  }

  private static List<String> shots(Task task, int row) {
    List<String> parts = List.of(prompt(task, row).split("\n\n"));
    return parts.subList(0, parts.size() - 1);
  }

  @Property
  void sampled_differentOtherRowsOfThePool(
      @ForAll @IntRange(min = 1, max = 12) int pool,
      @ForAll @IntRange(max = 11) int count,
      @ForAll long seed) {
    int shown = Math.min(count, pool - 1);
    Task task = task(pool, Shots.sampled(shown, seed, examples(pool)));
    for (int row = 0; row < pool; row++) {
      List<String> shots = shots(task, row);
      assertThat(shots).hasSize(shown).doesNotHaveDuplicates();
      assertThat(shots).noneMatch(("Q" + row + " " + task.target(row))::equals);
    }
  }

  @Test
  void sampled_dependOnSeedAndRowAlone() {
    Task task = task(40, Shots.sampled(3, 11, examples(40)));
    Task again = task(40, Shots.sampled(3, 11, examples(40)));
    Task slice = task.slice(20, 40);
    for (int row = 20; row < 40; row++) {
      assertThat(shots(task, row)).isEqualTo(shots(again, row)).isEqualTo(shots(slice, row - 20));
    }
    assertThat(IntStream.range(0, 40).mapToObj(row -> shots(task, row)).distinct().count())
        .isGreaterThan(35);
    Task otherSeed = task(40, Shots.sampled(3, 12, examples(40)));
    assertThat(shots(otherSeed, 0)).isNotEqualTo(shots(task, 0));
  }

  /** 2000 rows draw 2 of 10: every example is expected 400 times, give or take 4 x 18. */
  @Test
  void sampled_everyExampleIsDrawnAlike() {
    List<Example> pool = IntStream.range(5000, 5010).mapToObj(ShotsTest::example).toList();
    Task task = task(2000, Shots.sampled(2, 5, pool));
    var drawn =
        IntStream.range(0, 2000)
            .boxed()
            .flatMap(row -> shots(task, row).stream())
            .collect(Collectors.groupingBy(shot -> shot, Collectors.counting()));
    assertThat(drawn).hasSize(10);
    assertThat(drawn.values()).allMatch(count -> Math.abs(count - 400) < 72);
  }

  /** Fixed for good: the shots are part of a task's content, but not of its hash. */
  @Test
  void sampled_isStable() {
    assertThat(shots(task(8, Shots.sampled(3, 42, examples(8))), 2))
        .isEqualTo(List.of("Q4 no", "Q3 yes", "Q6 no"));
  }

  @Test
  void badInput_isRefused() {
    assertThatThrownBy(() -> Shots.first(4, examples(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("shots is 4", "3 examples");
    assertThatThrownBy(() -> Shots.sampled(-1, 0, examples(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("shots is -1");
    List<Example> badGold = List.of(Example.multipleChoice("Q", List.of("a", "b"), 5));
    assertThatThrownBy(() -> Shots.first(1, badGold))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Shot 0 of the pool", "gold is 5");
  }

  @Test
  void withShots_poolThatDoesNotFit_isRefused() {
    assertThatThrownBy(() -> task(5, Shots.first(1, examples(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task t, row 0", "1 shots", "has no example");
    Shots generation = Shots.first(1, List.of(Example.generation("Q", "a")));
    assertThatThrownBy(() -> task(5, generation))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("Task t", "shot 0", "other kind");
  }
}
