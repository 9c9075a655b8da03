package dev.tale.onnx.session;

import dev.tale.model.LinearPatches.StateSink;
import dev.tale.onnx.session.batch.PaddedBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers the states of one batch at all boundaries before they are handed on, so that a batch that
 * is interrupted and tried again in halves is handed on once.
 */
final class StatesOfBatch {
  private final int boundaries;
  private final StateSink sink;
  private final List<float[][]> gathered = new ArrayList<>();

  StatesOfBatch(int boundaries, StateSink sink) {
    this.boundaries = boundaries;
    this.sink = sink;
  }

  /** Takes a batch's states at the next boundary, 0 for the first. */
  void put(int boundary, PaddedBatch batch, float[][] states) {
    if (boundary == 0) {
      gathered.clear();
    }
    gathered.add(states);
    if (boundary == boundaries - 1) {
      for (int member = 0; member < batch.size(); member++) {
        int here = member;
        sink.accept(
            batch.members().get(member), gathered.stream().map(each -> each[here]).toList());
      }
      gathered.clear();
    }
  }
}
