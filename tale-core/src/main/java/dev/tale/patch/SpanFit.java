package dev.tale.patch;

import dev.tale.model.LinearPatch;
import java.util.Locale;
import java.util.Optional;

/**
 * The fit of the map for one span. Residuals are {@code |y - y'| / |y|} over all tokens of the
 * texts that are held out, y being the states that the unpruned model has after the span and y'
 * those that stand for them: 0 is perfect.
 *
 * @param first index of the first removed layer
 * @param last index of the last removed layer
 * @param ridge the chosen ridge, in units of the mean square of a component of the states before
 *     the span; infinite if no map did better than none on the texts that choose
 * @param before residual of the plain removal, where y' are the states before the span
 * @param after residual with the map
 * @param patch the map; empty if the ridge is infinite
 */
public record SpanFit(
    int first, int last, double ridge, double before, double after, Optional<LinearPatch> patch) {

  /** Returns whether the map comes closer to the unpruned model on the held-out texts. */
  public boolean helps() {
    return after < before;
  }

  /** Returns the fit in words. */
  @Override
  public String toString() {
    String span = first == last ? "layer " + first : "layers " + first + " to " + last;
    return patch.isEmpty()
        ? String.format(
            Locale.ROOT, "%s: no map is better than none; relative residual %.4f", span, before)
        : String.format(
            Locale.ROOT,
            "%s: ridge %.0e, relative residual on held-out texts %.4f without, %.4f with the map%s",
            span,
            ridge,
            before,
            after,
            helps() ? "" : ": it helps nothing there");
  }
}
