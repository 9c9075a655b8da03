package dev.tale.onnx.session.walk;

import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.runtime.KeyValues;
import java.util.Arrays;
import java.util.List;

/**
 * Layers of one batch, and a step that makes the answer where the last of them has run.
 *
 * @param runner runs the layers
 * @param step makes the answer
 * @param <O> the answer
 */
public record FinishingRunner<O>(BatchRunner runner, Step<O> step) implements PartRunner<O> {

  /** The head's output at the probes. */
  public static FinishingRunner<HeadOutput> head(BatchRunner runner) {
    return new FinishingRunner<>(runner, runner::head);
  }

  /**
   * The hidden state at the first probe of each sequence, by member of the batch.
   *
   * @param batch the batch, padded on the right
   * @param width of the hidden states
   */
  public static FinishingRunner<float[][]> states(
      BatchRunner runner, PaddedBatch batch, int width) {
    return new FinishingRunner<>(
        runner,
        (entry, layers, beginning) ->
            states(runner.hidden(entry, layers, beginning), batch, width));
  }

  private static float[][] states(float[] hidden, PaddedBatch batch, int width) {
    int places = batch.length() - batch.prefix();
    float[][] states = new float[batch.size()][];
    for (int member = 0; member < batch.size(); member++) {
      int place = batch.get(member).probes().get(0).position() - batch.prefix();
      int first = (member * places + place) * width;
      states[member] = Arrays.copyOfRange(hidden, first, first + width);
    }
    return states;
  }

  /**
   * The hidden states at every token of each sequence, by member of the batch, flat.
   *
   * @param batch the batch, padded on the right, each sequence run whole
   * @param width of the hidden states
   */
  public static FinishingRunner<float[][]> everyState(
      BatchRunner runner, PaddedBatch batch, int width) {
    return new FinishingRunner<>(
        runner,
        (entry, layers, beginning) ->
            everyState(runner.hidden(entry, layers, beginning), batch, width));
  }

  private static float[][] everyState(float[] hidden, PaddedBatch batch, int width) {
    float[][] states = new float[batch.size()][];
    for (int member = 0; member < batch.size(); member++) {
      int first = member * batch.length() * width;
      states[member] =
          Arrays.copyOfRange(hidden, first, first + batch.get(member).length() * width);
    }
    return states;
  }

  /**
   * One vector for each sequence, by member of the batch.
   *
   * @param pooling makes one vector of a sequence's hidden states
   * @param width of the hidden states
   */
  public static FinishingRunner<float[][]> embeddings(
      BatchRunner runner, PaddedBatch batch, Pooling pooling, int width) {
    return new FinishingRunner<>(
        runner,
        (entry, layers, beginning) ->
            embeddings(runner.hidden(entry, layers, beginning), batch, pooling, width));
  }

  private static float[][] embeddings(
      float[] hidden, PaddedBatch batch, Pooling pooling, int width) {
    float[][] vectors = new float[batch.size()][];
    for (int member = 0; member < batch.size(); member++) {
      int first = member * batch.length() * width;
      vectors[member] = pooling.pool(hidden, first, batch.get(member).length(), width);
    }
    return vectors;
  }

  @Override
  public Hidden body(Hidden entry, List<Integer> layers, KeyValues beginning) {
    return runner.body(entry, layers, beginning);
  }

  @Override
  public O finish(Hidden entry, List<Integer> layers, KeyValues beginning) {
    return step.finish(entry, layers, beginning);
  }

  /**
   * Runs the layers, ascending, possibly none, and makes the answer.
   *
   * @param <O> the answer
   */
  @FunctionalInterface
  interface Step<O> {
    O finish(Hidden entry, List<Integer> layers, KeyValues beginning);
  }
}
