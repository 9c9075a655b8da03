package dev.tale.onnx.session.runtime;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Timing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.ToLongBiFunction;
import java.util.stream.IntStream;

/**
 * Times models by turns. In a turn each runs once, all on the same prompts, and another one is
 * first in every turn: what else the machine does, and what the model before has left in its
 * caches, hits all alike.
 */
public final class Turns {
  private final List<PlainSession> models;
  private final List<List<ImmutableLongArray>> batches;
  private final ToLongBiFunction<PlainSession, List<ImmutableLongArray>> pass;
  private final List<List<Long>> nanos;

  private Turns(
      List<PlainSession> models,
      List<List<ImmutableLongArray>> batches,
      ToLongBiFunction<PlainSession, List<ImmutableLongArray>> pass) {
    this.models = models;
    this.batches = batches;
    this.pass = pass;
    this.nanos = models.stream().<List<Long>>map(model -> new ArrayList<>()).toList();
  }

  /**
   * Times open models, which stay the caller's to close.
   *
   * @param prompts at least one; a turn takes the next batch of them
   * @return nanoseconds of one forward pass by model, then by turn
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws CancellationException if the thread is interrupted
   */
  public static List<List<Long>> time(
      List<PlainSession> models, List<ImmutableLongArray> prompts, Timing timing) {
    return new Turns(models, Lists.partition(prompts, timing.batchSize()), PlainSession::nanos)
        .time(timing);
  }

  /**
   * Times the tokens that open models generate after a prompt, one prompt a turn, whatever the
   * batch size; the models stay the caller's to close.
   *
   * @param prompts at least one
   * @param tokens number of tokens of a turn, at least 1
   * @param caches of the models: outputs by the inputs that they go on in
   * @return mean nanoseconds of one token by model, then by turn
   * @throws dev.tale.model.ModelOutputException if the runtime fails
   * @throws CancellationException if the thread is interrupted
   */
  public static List<List<Long>> timeTokens(
      List<PlainSession> models,
      List<ImmutableLongArray> prompts,
      int tokens,
      ImmutableMap<String, String> caches,
      Timing timing) {
    return new Turns(
            models,
            Lists.partition(prompts, 1),
            (model, one) -> model.decode(one.get(0), tokens, caches).nanos() / tokens)
        .time(timing);
  }

  private List<List<Long>> time(Timing timing) {
    long end = System.nanoTime() + timing.limit().toNanos();
    for (int turn = -timing.warmUps(); turn < timing.turns(); turn++) {
      if (turn >= Timing.MIN_TURNS && System.nanoTime() - end >= 0) {
        break;
      }
      run(turn + timing.warmUps(), turn >= 0);
    }
    return nanos;
  }

  private void run(int turn, boolean counts) {
    List<ImmutableLongArray> batch = batches.get(turn % batches.size());
    IntStream.range(0, models.size())
        .map(i -> (i + turn) % models.size())
        .forEach(
            model -> {
              if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("Interrupted; nothing of this call is kept");
              }
              long time = pass.applyAsLong(models.get(model), batch);
              if (counts) {
                nanos.get(model).add(time);
              }
            });
  }
}
