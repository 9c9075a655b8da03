package dev.tale.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RememberingModelTest {
  private static final LayerMask NONE = LayerMask.none(2);
  private static final LayerMask FIRST = LayerMask.of(2, 0);

  private final List<String> asked = new ArrayList<>();

  /** Answers with the number of questions so far. */
  private final class Counting implements LayeredModel {
    @Override
    public ModelInfo info() {
      return new ModelInfo(
          "counting",
          "0",
          List.of(
              new LayerInfo(0, LayerInfo.Part.WHOLE, 0, "a", 0, 0),
              new LayerInfo(1, LayerInfo.Part.WHOLE, 1, "b", 0, 0)),
          100,
          "none");
    }

    @Override
    public void answer(List<Batch> batches, Consumer<Answer> answers) {
      for (Batch batch : batches) {
        List<List<Response>> responses = new ArrayList<>();
        for (LayerMask mask : batch.masks()) {
          List<Response> ofMask = new ArrayList<>();
          for (Request request : batch.requests()) {
            asked.add(mask + " " + request);
            ofMask.add(new Response.LogLikelihood(-asked.size(), 1, false));
          }
          responses.add(ofMask);
        }
        answers.accept(Answer.of(batch, responses, new PlannedWork(1, 1)));
      }
    }

    @Override
    public Optional<HiddenStates> hiddenStates() {
      return Optional.of(
          new HiddenStates() {
            @Override
            public int width() {
              return 1;
            }

            @Override
            public List<float[][]> atLastPromptToken(List<Request> requests, LayerMask mask) {
              asked.add("states " + mask);
              return List.<float[][]>of(new float[][] {{asked.size()}});
            }
          });
    }
  }

  @Test
  void eachRequestIsAskedOnceUnderEachMask() {
    LayeredModel model = new RememberingModel(new Counting());
    Request one = new Request.LogLikelihood("a", "b");
    Request other = new Request.LogLikelihood("a", "c");
    List<List<Response>> first = model.respond(List.of(one, other), List.of(NONE, FIRST));
    assertThat(asked).hasSize(4);
    assertThat(model.respond(List.of(other), List.of(FIRST)).get(0).get(0))
        .isEqualTo(first.get(1).get(1));
    assertThat(model.respond(List.of(one, other), List.of(FIRST, NONE)))
        .isEqualTo(List.of(first.get(1), first.get(0)));
    assertThat(asked).hasSize(4);
    model.respond(List.of(one), List.of(LayerMask.of(2, 1)));
    assertThat(asked).hasSize(5);
  }

  @Test
  void theLastHiddenStatesAreRemembered() {
    HiddenStates states = new RememberingModel(new Counting()).hiddenStates().orElseThrow();
    List<Request> requests = List.of(new Request.LogLikelihood("a", "b"));
    List<float[][]> first = states.atLastPromptToken(requests, NONE);
    assertThat(states.atLastPromptToken(requests, NONE)).isSameAs(first);
    assertThat(states.atLastPromptToken(requests, FIRST)).isNotSameAs(first);
    assertThat(asked).containsExactly("states " + NONE, "states " + FIRST);
  }
}
