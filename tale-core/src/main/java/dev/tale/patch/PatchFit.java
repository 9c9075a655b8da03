package dev.tale.patch;

import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.LinearPatches;
import dev.tale.model.ModelOutputException;
import dev.tale.patch.CalibrationTexts.Use;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Maps for all spans of a mask, fitted in closed form: ridge regression of what a span adds to the
 * residual stream on the stream before it, over every token of calibration texts, in the unpruned
 * model. The penalty shrinks a map towards the plain removal; of {@link #RIDGES} the one is taken
 * that leaves the least residual on texts that were not fitted.
 *
 * @param spans the fit of each span, ascending
 * @param tokens tokens that were fitted
 * @param heldOutTokens tokens that the residuals are measured on
 */
public record PatchFit(List<SpanFit> spans, long tokens, long heldOutTokens) {
  /** The ridges that are tried, besides an infinite one. */
  public static final List<Double> RIDGES = List.of(1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0);

  /** Copies the fits. */
  public PatchFit {
    spans = List.copyOf(spans);
  }

  /**
   * Fits maps. Costs one pass of the unpruned model over the texts, {@code 2 width^2}
   * multiplications for each token and span, some {@code 9 width^3} for each ridge and span, and
   * the memory of {@code 6 width^2} doubles for each span.
   *
   * @param model reads the states
   * @param mask the removed layers, at least one
   * @param calibration the texts
   * @throws dev.tale.model.UnanswerableRequestException if a text does not fit into the context,
   *     with its position
   * @throws IllegalArgumentException if the mask removes nothing, or fewer tokens are to be fitted
   *     than a state has components: a map would fit them all, whatever they are
   * @throws ModelOutputException if a state is NaN or infinite
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static PatchFit of(LinearPatches model, LayerMask mask, CalibrationTexts calibration) {
    List<int[]> spans = LinearPatch.spans(mask);
    if (spans.isEmpty()) {
      throw new IllegalArgumentException(
          "The mask " + mask + " removes nothing, so there is nothing to put maps in place of");
    }
    List<Map<Use, Moments>> moments = spans.stream().map(span -> none(model.width())).toList();
    read(model, mask, spans, calibration, moments);
    Map<Use, Moments> any = moments.get(0);
    requireEnough(of(any, Use.FIT).tokens(), model.width());
    List<SpanFit> fits =
        IntStream.range(0, spans.size())
            .mapToObj(span -> fit(spans.get(span), moments.get(span)))
            .toList();
    return new PatchFit(fits, of(any, Use.FIT).tokens(), of(any, Use.REPORT).tokens());
  }

  private static Map<Use, Moments> none(int width) {
    Map<Use, Moments> moments = new EnumMap<>(Use.class);
    Arrays.stream(Use.values()).forEach(use -> moments.put(use, new Moments(width)));
    return moments;
  }

  private static Moments of(Map<Use, Moments> moments, Use use) {
    return Objects.requireNonNull(moments.get(use));
  }

  private static void read(
      LinearPatches model,
      LayerMask mask,
      List<int[]> spans,
      CalibrationTexts calibration,
      List<Map<Use, Moments>> moments) {
    TreeSet<Integer> ends = new TreeSet<>();
    spans.forEach(span -> ends.addAll(List.of(span[0], span[1] + 1)));
    List<Integer> boundaries = List.copyOf(ends);
    model.read(
        calibration.requests(),
        LayerMask.none(mask.layers()),
        boundaries,
        (text, states) -> {
          for (int span = 0; span < spans.size(); span++) {
            float[] before = states.get(boundaries.indexOf(spans.get(span)[0]));
            float[] after = states.get(boundaries.indexOf(spans.get(span)[1] + 1));
            of(moments.get(span), calibration.use(text)).add(before, after);
          }
        });
  }

  private static void requireEnough(long tokens, int width) {
    if (tokens < width) {
      throw new IllegalArgumentException(
          "The calibration texts have "
              + tokens
              + " tokens to fit, fewer than the width of the model, "
              + width
              + ", so that a map fits them whatever they are; give at least "
              + width
              + " tokens, better ten times as many, in texts of which eight of ten are fitted");
    }
  }

  private static SpanFit fit(int[] span, Map<Use, Moments> moments) {
    if (moments.values().stream().anyMatch(Moments::isBroken)) {
      throw new ModelOutputException(
          "A state before layer "
              + span[0]
              + " or after layer "
              + span[1]
              + " is NaN or infinite on the calibration texts; check the model on them");
    }
    Moments choosing = of(moments, Use.CHOOSE);
    Moments reported = of(moments, Use.REPORT);
    double[] best = new double[choosing.width() * choosing.width()];
    double without = reported.relativeResidual(best);
    double least = choosing.relativeResidual(best);
    double chosen = Double.POSITIVE_INFINITY;
    for (double ridge : RIDGES) {
      double[] matrix = of(moments, Use.FIT).solve(ridge);
      double residual = choosing.relativeResidual(matrix);
      if (residual < least) {
        least = residual;
        best = matrix;
        chosen = ridge;
      }
    }
    return new SpanFit(
        span[0],
        span[1],
        chosen,
        without,
        reported.relativeResidual(best),
        patch(span, best, chosen));
  }

  private static Optional<LinearPatch> patch(int[] span, double[] matrix, double ridge) {
    if (Double.isInfinite(ridge)) {
      return Optional.empty();
    }
    float[] rounded = new float[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      rounded[i] = (float) matrix[i];
    }
    return Optional.of(LinearPatch.of(span[0], span[1], rounded));
  }

  /** The maps, without those of spans for which none is better than any. */
  public List<LinearPatch> patches() {
    return spans.stream().flatMap(span -> span.patch().stream()).toList();
  }

  /** Returns whether any map comes closer to the unpruned model on the held-out texts. */
  public boolean helps() {
    return spans.stream().anyMatch(SpanFit::helps);
  }

  /** Returns the fits in words, a line each. */
  @Override
  public String toString() {
    return spans.stream()
        .map(SpanFit::toString)
        .collect(
            Collectors.joining(
                "\n", "", "\nfitted to " + tokens + " tokens, held out " + heldOutTokens));
  }
}
