package dev.tale.onnx.session.walk;

import dev.tale.onnx.session.batch.Group;
import dev.tale.onnx.session.runtime.KeyValues;
import java.util.List;

/**
 * Runs layers on one batch of a {@link Group}. An entry of {@link Hidden#START} runs the embedding
 * first.
 *
 * @param <O> what comes out at the end
 */
public interface PartRunner<O> {

  /**
   * Runs the layers, ascending, at least one, and returns what comes out; the caller closes it.
   *
   * @param beginning what these layers remember of what all rows begin with, of one row; stays the
   *     caller's
   */
  Hidden body(Hidden entry, List<Integer> layers, KeyValues beginning);

  /** Runs the layers, ascending, possibly none, and what follows the last layer. */
  O finish(Hidden entry, List<Integer> layers, KeyValues beginning);
}
