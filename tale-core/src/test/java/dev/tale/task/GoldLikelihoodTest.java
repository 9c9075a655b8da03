package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.model.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoldLikelihoodTest {

  private static Task choice(int gold) {
    return Task.multipleChoice(
        "t",
        List.of(1),
        unused -> Example.multipleChoice("Is it?", List.of("no", "yes", "maybe"), gold));
  }

  @Test
  void ofChoices_isTheRequestOfTheRightOne() {
    for (int gold = 0; gold < 3; gold++) {
      assertThat(choice(gold).goldLikelihood(0)).isEqualTo(choice(gold).requests(0).get(gold));
      assertThat(choice(gold).label(0)).isEqualTo("option " + gold);
    }
  }

  @Test
  void ofContexts_isTheRequestOfTheRightOne() {
    Task task =
        Task.multipleChoice(
            "t",
            List.of(1),
            unused -> Example.multipleContexts(List.of("Ann", "Bob"), "sings.", 1));
    assertThat(task.goldLikelihood(0)).isEqualTo(task.requests(0).get(1));
    assertThat(task.label(0)).isEqualTo("option 1");
  }

  @Test
  void ofGeneration_isThatOfTheFirstReference_asAShotShowsIt() {
    Task task =
        Task.generation(
            "t",
            List.of(1),
            unused -> Example.generation("6 * 7 =", "42", "forty-two"),
            Decoding.until("\n"));
    assertThat(task.goldLikelihood(0)).isEqualTo(new Request.LogLikelihood("6 * 7 =", " 42"));
    assertThat(task.label(0)).isEqualTo("42");
  }

  @Test
  void shotsAndFormatCount() {
    Task task =
        choice(1)
            .withShots(
                Shots.first(
                    1, List.of(Example.multipleChoice("Was it?", List.of("no", "yes"), 0))));
    assertThat(task.goldLikelihood(0)).isEqualTo(task.requests(0).get(1));
    assertThat(task.goldLikelihood(0).prompt().toString()).contains("Was it? no");
  }
}
