package dev.tale.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The smallest runtime of one's own: two methods, and everything of Tale works with it. */
class OwnRuntimeTest {

  /** Six layers, of which two are of no use to anyone. */
  static final class Toy implements LayeredModel {
    private static final List<Integer> USELESS = List.of(1, 4);

    @Override
    public ModelInfo info() {
      List<LayerInfo> layers =
          IntStream.range(0, 6)
              .mapToObj(i -> new LayerInfo(i, LayerInfo.Part.WHOLE, i, "layer " + i, 1_000, 4_000))
              .toList();
      return new ModelInfo("toy", "hash of its weights", layers, 2_048, "toy runtime 1.0");
    }

    @Override
    public void answer(List<Batch> batches, Consumer<Answer> answers) {
      for (Batch batch : batches) {
        List<List<Response>> responses =
            batch.masks().stream()
                .map(mask -> batch.requests().stream().map(r -> response(r, mask)).toList())
                .toList();
        answers.accept(Answer.of(batch, responses, cost(batch)));
      }
    }

    private static Response response(Request request, LayerMask mask) {
      boolean able = USELESS.containsAll(mask.removed());
      boolean asked = ((Request.LogLikelihood) request).continuation().contains("yes");
      return new Response.LogLikelihood(able == asked ? -0.1 : -2.3, 1, able == asked);
    }
  }

  @Test
  void twoMethodsAreARuntime() throws IOException {
    Task task =
        Task.multipleChoice(
            "always yes",
            IntStream.range(0, 100).boxed().toList(),
            row -> Example.multipleChoice("Is " + row + " a number?", List.of("no", "yes"), 1));
    try (Toy model = new Toy()) {
      PruneResult result = Tale.pruner().prune(model, task);
      assertThat(result.bsba().configuration().mask().removed()).isEqualTo(Toy.USELESS);
      assertThat(model.respond(task.requests(0), List.of(LayerMask.none(6))).get(0)).hasSize(2);
    }
  }
}
