package dev.tale.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A model that remembers its answers: several searches and measures on it ask another model each
 * request once under each mask. Answers take some tens of bytes each; of hidden states the last
 * that were asked for are remembered. For one thread.
 */
public final class RememberingModel implements LayeredModel {
  private final LayeredModel model;
  private final Map<LayerMask, Map<Request, Response>> answers = new HashMap<>();
  private @Nullable AskedStates last;

  /** Remembers for a model, which it closes with itself. */
  public RememberingModel(LayeredModel model) {
    this.model = model;
  }

  @Override
  public ModelInfo info() {
    return model.info();
  }

  @Override
  public List<String> warnings() {
    return model.warnings();
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
  public int lookAhead() {
    return model.lookAhead();
  }

  @Override
  public Optional<RunStatistics> runStatistics() {
    return model.runStatistics();
  }

  @Override
  public Optional<ScaledLayers> scaledLayers() {
    return model.scaledLayers();
  }

  @Override
  public Optional<LatencyMeter> latencyMeter() {
    return model.latencyMeter();
  }

  @Override
  public Optional<HiddenStates> hiddenStates() {
    return model.hiddenStates().map(RememberedStates::new);
  }

  @Override
  public Optional<ModelExporter> exporter() {
    return model.exporter();
  }

  @Override
  public Optional<LinearPatches> linearPatches() {
    return model.linearPatches();
  }

  @Override
  public void close() {
    model.close();
  }

  /** Hidden states, of which the last ones are remembered. */
  private final class RememberedStates implements HiddenStates {
    private final HiddenStates states;

    private RememberedStates(HiddenStates states) {
      this.states = states;
    }

    @Override
    public int width() {
      return states.width();
    }

    @Override
    public List<float[][]> atLastPromptToken(List<Request> requests, LayerMask mask) {
      AskedStates known = last;
      if (known == null || !known.requests().equals(requests) || !known.mask().equals(mask)) {
        known =
            new AskedStates(List.copyOf(requests), mask, states.atLastPromptToken(requests, mask));
        last = known;
      }
      return known.states();
    }
  }

  /** Hidden states, and the question that they answer. */
  private record AskedStates(List<Request> requests, LayerMask mask, List<float[][]> states) {}
}
