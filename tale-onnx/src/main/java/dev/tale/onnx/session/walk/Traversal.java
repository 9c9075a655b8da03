package dev.tale.onnx.session.walk;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tale.model.LayerMask;
import java.util.List;

/** A way to run one batch under many masks. Every way gives the same answers, bit for bit. */
public interface Traversal {

  /** Runs the batch under every mask. */
  <O> void run(LayerRunner<O> runner, Sink<O> sink);

  /** Returns the number of layers that are run. */
  long layerRuns();

  /** Returns the way that shares what masks have in common. */
  static Traversal shared(List<LayerMask> masks) {
    return GateTrie.ofMasks(masks);
  }

  /** Returns the obvious way: one mask after another, the whole model each time. */
  static Traversal oneByOne(List<LayerMask> masks) {
    return new OneByOne(masks);
  }

  /** Returns the way that shares what vectors of factors have in common. */
  static Traversal sharedGates(List<ImmutableDoubleArray> gates) {
    return GateTrie.of(gates);
  }

  /** Returns one vector of factors after another. */
  static Traversal gatesOneByOne(List<ImmutableDoubleArray> gates) {
    return new GatesOneByOne(gates.stream().map(vector -> GateTrie.of(List.of(vector))).toList());
  }

  /** The way that gives the state at each boundary under one mask, by boundary. */
  static Traversal everyBoundary(LayerMask mask) {
    return new EveryBoundary(mask);
  }

  /** The way that gives the states at some boundaries under one mask, by place among these. */
  static Traversal atBoundaries(LayerMask mask, List<Integer> boundaries) {
    return new SomeBoundaries(mask, boundaries);
  }

  /** The obvious way. */
  record OneByOne(List<LayerMask> masks) implements Traversal {
    @Override
    public long layerRuns() {
      return masks.stream().mapToLong(mask -> mask.kept().size()).sum();
    }

    @Override
    public <O> void run(LayerRunner<O> runner, Sink<O> sink) {
      for (int mask = 0; mask < masks.size(); mask++) {
        sink.accept(mask, runner.finish(Hidden.START, masks.get(mask).kept()));
      }
    }
  }

  /**
   * Nothing is shared.
   *
   * @param vectors a tree of each vector alone
   */
  record GatesOneByOne(List<GateTrie> vectors) implements Traversal {
    @Override
    public long layerRuns() {
      return vectors.stream().mapToLong(GateTrie::layerRuns).sum();
    }

    @Override
    public <O> void run(LayerRunner<O> runner, Sink<O> sink) {
      for (int i = 0; i < vectors.size(); i++) {
        int vector = i;
        vectors.get(i).run(runner, (only, output) -> sink.accept(vector, output));
      }
    }
  }

  /** Each layer by itself, with the memory of two boundaries. */
  record EveryBoundary(LayerMask mask) implements Traversal {
    @Override
    public long layerRuns() {
      return mask.kept().size();
    }

    @Override
    public <O> void run(LayerRunner<O> runner, Sink<O> sink) {
      Hidden state = runner.body(Hidden.START, List.of());
      try {
        O output = runner.finish(state, List.of());
        sink.accept(0, output);
        for (int layer = 0; layer < mask.layers(); layer++) {
          if (!mask.removes(layer)) {
            Hidden entry = state;
            state = runner.body(entry, List.of(layer));
            entry.close();
            output = runner.finish(state, List.of());
          }
          sink.accept(layer + 1, output);
        }
      } finally {
        state.close();
      }
    }
  }

  /**
   * From boundary to boundary, with the memory of two of them.
   *
   * @param boundaries ascending, at least one
   */
  record SomeBoundaries(LayerMask mask, List<Integer> boundaries) implements Traversal {
    @Override
    public long layerRuns() {
      int last = boundaries.get(boundaries.size() - 1);
      return mask.kept().stream().filter(layer -> layer < last).count();
    }

    @Override
    public <O> void run(LayerRunner<O> runner, Sink<O> sink) {
      Hidden state = runner.body(Hidden.START, List.of());
      try {
        int done = 0;
        for (int place = 0; place < boundaries.size(); place++) {
          int from = done;
          int to = boundaries.get(place);
          List<Integer> layers =
              mask.kept().stream().filter(layer -> layer >= from && layer < to).toList();
          if (!layers.isEmpty()) {
            Hidden entry = state;
            state = runner.body(entry, layers);
            entry.close();
          }
          sink.accept(place, runner.finish(state, List.of()));
          done = to;
        }
      } finally {
        state.close();
      }
    }
  }

  /**
   * Takes the answers of the batch under one mask.
   *
   * @param <O> what the runner gives
   */
  @FunctionalInterface
  interface Sink<O> {
    void accept(int mask, O output);
  }
}
