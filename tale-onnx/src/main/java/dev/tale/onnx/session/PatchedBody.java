package dev.tale.onnx.session;

import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.onnx.session.runtime.KeyValues;
import dev.tale.onnx.session.walk.BatchRunner;
import dev.tale.onnx.session.walk.Boundary;
import dev.tale.onnx.session.walk.Hidden;
import java.util.Comparator;
import java.util.List;

/**
 * A batch after the last map in the place of layers: what is left to run is layers alone.
 *
 * @param state after that map; the beginning if there is none
 * @param rest the layers after it
 */
record PatchedBody(Hidden state, List<Integer> rest) implements AutoCloseable {

  /** Runs the layers before each map, and the map on the states that come out. */
  static PatchedBody run(BatchRunner runner, LayerMask mask, List<LinearPatch> patches) {
    PatchedBody body = new PatchedBody(Hidden.START, mask.kept());
    for (LinearPatch patch :
        patches.stream().sorted(Comparator.comparingInt(LinearPatch::first)).toList()) {
      body = body.through(runner, patch);
    }
    return body;
  }

  private PatchedBody through(BatchRunner runner, LinearPatch patch) {
    try (this) {
      List<Integer> before = rest.stream().filter(layer -> layer < patch.first()).toList();
      List<Integer> after = rest.subList(before.size(), rest.size());
      boolean runs = state == Hidden.START || !before.isEmpty();
      if (!runs) {
        return new PatchedBody(((Boundary) state).mapped(patch), after);
      }
      try (Boundary entry = (Boundary) runner.body(state, before, KeyValues.none())) {
        return new PatchedBody(entry.mapped(patch), after);
      }
    }
  }

  @Override
  public void close() {
    state.close();
  }
}
