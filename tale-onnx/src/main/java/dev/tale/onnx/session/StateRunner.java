package dev.tale.onnx.session;

import java.util.Arrays;
import java.util.List;

/**
 * Layers of a decoder, and the hidden state at the first probe of each sequence.
 *
 * @param runner runs the layers
 * @param batch what runs, padded on the right
 * @param width of the hidden states
 */
record StateRunner(BatchRunner runner, Batch batch, int width) implements PartRunner<float[][]> {

  @Override
  public Hidden body(Hidden entry, List<Integer> layers, KeyValues beginning) {
    return runner.body(entry, layers, beginning);
  }

  /** Returns the states by member of the batch. */
  @Override
  public float[][] finish(Hidden entry, List<Integer> layers, KeyValues beginning) {
    float[] hidden = runner.hidden(entry, layers, beginning);
    int places = batch.length() - batch.prefix();
    float[][] states = new float[batch.size()][];
    for (int member = 0; member < batch.size(); member++) {
      int place = batch.get(member).probes().get(0).position() - batch.prefix();
      int first = (member * places + place) * width;
      states[member] = Arrays.copyOfRange(hidden, first, first + width);
    }
    return states;
  }
}
