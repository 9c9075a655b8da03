package dev.tale.onnx.session.runtime;

import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.CacheLayout;

/** On which side of shorter sequences the padding stands. */
public enum Padding {
  /** Before them: all end together. */
  LEFT,
  /** After them: all begin together. */
  RIGHT;

  /** Returns the side on which a graph's caches want it; without caches, the right. */
  public static Padding of(GatedGraph graph) {
    return graph.cacheLayout().filter(layout -> layout == CacheLayout.CONCATENATED).isPresent()
        ? LEFT
        : RIGHT;
  }

  /** Returns how many of the places stand before so many tokens. */
  public int before(int tokens, int places) {
    return this == LEFT ? places - tokens : 0;
  }
}
