package dev.tale.onnx.session.walk;

import java.util.List;

/**
 * Runs layers on one batch. An entry of {@link Hidden#START} runs the embedding first.
 *
 * @param <O> what comes out at the end
 */
interface LayerRunner<O> {

  /**
   * Runs the layers, ascending; none only where the embedding runs. The caller closes what comes
   * out.
   */
  Hidden body(Hidden entry, List<Integer> layers);

  /**
   * Returns {@code entry + factor * (exit - entry)}, which the caller closes: what a layer makes of
   * its entry when what it adds is scaled.
   *
   * @param entry not {@link Hidden#START}
   */
  Hidden scale(Hidden entry, Hidden exit, double factor);

  /** Runs the layers, ascending, possibly none, and what follows the last layer. */
  O finish(Hidden entry, List<Integer> layers);
}
