package dev.tale.testing;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A model that remembers its answers: several searches on it ask another model each request once
 * under each mask. For one thread.
 */
public final class RememberingModel implements LayeredModel {
  private final LayeredModel model;
  private final Map<LayerMask, Map<Request, Response>> answers = new HashMap<>();

  /** Remembers for a model, which it closes with itself. */
  public RememberingModel(LayeredModel model) {
    this.model = model;
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
  public void answer(List<Batch> batches, Consumer<Answer> answers) {
    for (Batch batch : batches) {
      answers.accept(Answer.of(batch, remembered(batch.requests(), batch.masks()), cost(batch)));
    }
  }

  private List<List<Response>> remembered(List<Request> requests, List<LayerMask> masks) {
    ask(requests, masks.stream().filter(mask -> !of(mask).keySet().containsAll(requests)).toList());
    return masks.stream().map(mask -> requests.stream().map(of(mask)::get).toList()).toList();
  }

  private void ask(List<Request> requests, List<LayerMask> masks) {
    if (masks.isEmpty()) {
      return;
    }
    List<List<Response>> asked = model.respond(requests, masks);
    for (int mask = 0; mask < masks.size(); mask++) {
      for (int request = 0; request < requests.size(); request++) {
        of(masks.get(mask)).put(requests.get(request), asked.get(mask).get(request));
      }
    }
  }

  private Map<Request, Response> of(LayerMask mask) {
    return answers.computeIfAbsent(mask, key -> new HashMap<>());
  }

  @Override
  public PlannedWork cost(Batch batch) {
    return model.cost(batch);
  }

  @Override
  public Optional<ModelExporter> exporter() {
    return model.exporter();
  }

  @Override
  public void close() {
    model.close();
  }
}
