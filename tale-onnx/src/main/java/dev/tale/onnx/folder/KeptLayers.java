package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableList;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What stays of the original model's layers, as settings speak of them: clients count caches, and
 * there is one for each attention.
 *
 * @param granularity what was removed at a time
 * @param layers number of layers of the original model
 * @param attention the layers whose attention stays, ascending
 * @param feedForward the layers whose feed-forward part stays, ascending
 */
record KeptLayers(
    Granularity granularity,
    int layers,
    ImmutableList<Integer> attention,
    ImmutableList<Integer> feedForward) {

  /** The layers that a mask leaves. */
  static KeptLayers of(Granularity granularity, LayerMask mask) {
    return switch (granularity) {
      case LAYER -> {
        ImmutableList<Integer> stay = ImmutableList.copyOf(mask.kept());
        yield new KeptLayers(granularity, mask.layers(), stay, stay);
      }
      case SUBLAYER ->
          new KeptLayers(
              granularity, mask.layers() / 2, parts(mask.kept(), 0), parts(mask.kept(), 1));
    };
  }

  private static ImmutableList<Integer> parts(List<Integer> units, int part) {
    return units.stream()
        .filter(unit -> unit % 2 == part)
        .map(unit -> unit / 2)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns whether each layer stays or goes as a whole. */
  boolean areWhole() {
    return attention.equals(feedForward);
  }

  /**
   * Returns whether every layer keeps its place in a pattern that repeats itself every {@code
   * period} layers, wherever it begins.
   */
  boolean keepPlaces(int period) {
    return keepPlaces(attention, period) && keepPlaces(feedForward, period);
  }

  private static boolean keepPlaces(List<Integer> stay, int period) {
    return IntStream.range(0, stay.size())
        .allMatch(place -> (stay.get(place) - place) % period == 0);
  }

  /** Returns the layers of the original model that are not in the list. */
  List<Integer> others(List<Integer> kept) {
    return IntStream.range(0, layers).filter(layer -> !kept.contains(layer)).boxed().toList();
  }
}
