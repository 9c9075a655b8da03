package dev.tale;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Request;
import dev.tale.model.RunStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A model that never runs some of its layers. Indices stay those of the original: the mask that
 * removes nothing is the pruned model.
 *
 * @param original runs the others; not closed by this
 * @param removed layers that are left out under every mask
 */
record MaskedModel(LayeredModel original, LayerMask removed) implements LayeredModel {

  @Override
  public ModelInfo info() {
    ModelInfo info = original.info();
    return new ModelInfo(
        info.name() + " without " + info.removedNames(removed),
        info.contentHash() + removed,
        info.layers(),
        info.contextLength(),
        info.runtime());
  }

  @Override
  public List<String> warnings() {
    return original.warnings();
  }

  @Override
  public void check(List<Request> requests) {
    original.check(requests);
  }

  @Override
  public PlannedWork cost(Batch batch) {
    return original.cost(masked(batch));
  }

  @Override
  public void answer(List<Batch> batches, Consumer<Answer> answers) {
    original.answer(batches.stream().map(this::masked).toList(), answers);
  }

  private Batch masked(Batch batch) {
    return new Batch(batch.rows(), batch.masks().stream().map(this::masked).toList());
  }

  private LayerMask masked(LayerMask mask) {
    mask.requireLayers(removed.layers());
    LayerMask both = mask;
    for (int layer : removed.removed()) {
      both = both.removes(layer) ? both : both.remove(layer);
    }
    return both;
  }

  @Override
  public Optional<RunStatistics> runStatistics() {
    return original.runStatistics();
  }

  @Override
  public int lookAhead() {
    return original.lookAhead();
  }
}
