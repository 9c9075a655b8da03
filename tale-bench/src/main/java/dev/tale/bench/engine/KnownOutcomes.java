package dev.tale.bench.engine;

import dev.tale.evaluate.Configuration;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.search.Trajectory;
import dev.tale.task.Example;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A model that has right, of the rows of {@link #task}, what a search found right under the same
 * mask: races can be held on it by the thousand. It knows no masks but those of the search, and
 * counts no layer-forwards.
 */
final class KnownOutcomes implements LayeredModel {
  private static final List<String> CHOICES = List.of("wrong", "right");
  private static final int RIGHT = 1;

  private final ModelInfo info;
  private final int rows;
  private final Map<LayerMask, BitSet> right = new HashMap<>();

  /** Knows what a search of a model found that scored every candidate in full. */
  KnownOutcomes(ModelInfo info, Trajectory search) {
    this.info = info;
    this.rows = search.baseline().score().total();
    learn(search.baseline());
    search.rounds().forEach(round -> round.candidates().forEach(this::learn));
  }

  private void learn(Configuration configuration) {
    List<Outcome> outcomes = configuration.score().outcomes();
    BitSet bits = new BitSet(rows);
    IntStream.range(0, rows).forEach(row -> bits.set(row, outcomes.get(row).correct()));
    right.put(configuration.mask(), bits);
  }

  /** Returns the rows, each known by its position alone. */
  Task task() {
    return Task.multipleChoice(
        "known outcomes",
        IntStream.range(0, rows).boxed().toList(),
        row -> Example.multipleChoice(String.valueOf(row), CHOICES, RIGHT));
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public void check(List<Request> requests) {
    requests.forEach(KnownOutcomes::row);
  }

  @Override
  public void answer(List<Batch> batches, Consumer<Answer> answers) {
    for (Batch batch : batches) {
      List<Request> requests = batch.requests();
      List<List<Response>> responses =
          batch.masks().stream().map(mask -> respond(requests, known(mask))).toList();
      answers.accept(Answer.of(batch, responses, cost(batch)));
    }
  }

  private BitSet known(LayerMask mask) {
    BitSet bits = right.get(mask);
    if (bits == null) {
      throw new IllegalArgumentException("The search did not score " + mask);
    }
    return bits;
  }

  private static List<Response> respond(List<Request> requests, BitSet right) {
    return requests.stream().map(request -> response(request, right)).toList();
  }

  private static Response response(Request request, BitSet right) {
    boolean asksForRight = continuation(request).strip().equals(CHOICES.get(RIGHT));
    boolean chosen = asksForRight == right.get(row(request));
    return new Response.LogLikelihood(chosen ? -1 : -2, 1, chosen);
  }

  private static String continuation(Request request) {
    return ((Request.LogLikelihood) request).continuation();
  }

  private static int row(Request request) {
    return Integer.parseInt(((Prompt.Text) ((Request.LogLikelihood) request).prompt()).text());
  }

  @Override
  public PlannedWork cost(Batch batch) {
    return PlannedWork.NONE;
  }
}
