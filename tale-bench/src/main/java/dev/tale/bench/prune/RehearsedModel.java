package dev.tale.bench.prune;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A model that runs nothing, gives every request the same answer under every mask, and counts the
 * work that it was spared: a search on it meets no floor, so it takes all the steps that it may.
 */
final class RehearsedModel implements LayeredModel {
  private final LayeredModel model;
  private final Set<LayerMask> masks = new HashSet<>();
  private PlannedWork work = PlannedWork.NONE;

  RehearsedModel(LayeredModel model) {
    this.model = model;
  }

  /** Work of everything that was asked. */
  PlannedWork work() {
    return work;
  }

  /** Number of distinct masks that were asked. */
  int masks() {
    return masks.size();
  }

  @Override
  public ModelInfo info() {
    return model.info();
  }

  @Override
  public void check(List<Request> requests) {
    model.check(requests);
  }

  @Override
  public PlannedWork cost(Batch batch) {
    return model.cost(batch);
  }

  @Override
  public void answer(List<Batch> batches, Consumer<Answer> answers) {
    for (Batch batch : batches) {
      PlannedWork cost = cost(batch);
      work = work.plus(cost);
      masks.addAll(batch.masks());
      List<Response> same = batch.requests().stream().map(RehearsedModel::answer).toList();
      answers.accept(Answer.of(batch, batch.masks().stream().map(mask -> same).toList(), cost));
    }
  }

  private static Response answer(Request request) {
    if (request instanceof Request.Generation) {
      return new Response.Generation("", 0, Response.Stop.END_OF_SEQUENCE);
    }
    return request instanceof Request.Similarity
        ? new Response.Similarity(0)
        : new Response.LogLikelihood(-1, 1, false);
  }
}
