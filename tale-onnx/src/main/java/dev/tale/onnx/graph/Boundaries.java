package dev.tale.onnx.graph;

import com.google.common.collect.ImmutableList;
import dev.tale.model.UnsupportedModelException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The values between the layers, all in one layout.
 *
 * @param values 0 is what enters the first layer, i + 1 is what comes out of layer i
 * @param layout of every one of them
 */
record Boundaries(ImmutableList<String> values, StreamLayout layout) {
  /**
   * What gating can make of [batch, sequence, width] and back; the first that all have is taken.
   */
  private static final ImmutableList<StreamLayout> KNOWN =
      ImmutableList.of(StreamLayout.ROWS, StreamLayout.FLAT, StreamLayout.SEQUENCE_FIRST);

  /** Finds them among the values that every path passes through. */
  record Finder(OnnxGraph graph, Dataflow flow, StreamLayouts layouts) {

    /**
     * Chooses of what enters the first part, and of what each layer ends with, a view in the one
     * layout that all have.
     *
     * @throws UnsupportedModelException if there is no such layout
     */
    Boundaries find(ResidualPart first, List<String> ends) {
      for (StreamLayout layout : KNOWN) {
        ImmutableList<String> values =
            Stream.concat(Stream.of(first.input()), ends.stream())
                .flatMap(value -> views(value).filter(view -> has(layout, view)).limit(1))
                .collect(ImmutableList.toImmutableList());
        if (values.size() == ends.size() + 1) {
          return new Boundaries(values, layout);
        }
      }
      throw refused(first, ends);
    }

    private boolean has(StreamLayout layout, String value) {
      return layouts.of(value).equals(layout);
    }

    /** The value itself, and the views and casts that follow it. */
    private Stream<String> views(String value) {
      return layouts.views(value).stream();
    }

    private UnsupportedModelException refused(ResidualPart first, List<String> ends) {
      String odd =
          Stream.concat(Stream.of(first.input()), ends.stream())
              .filter(value -> !layouts.of(value).equals(StreamLayout.ROWS))
              .findFirst()
              .orElse(first.input());
      int maker = flow.maker(odd);
      return graph
          .source()
          .unsupported(
              "the residual stream is neither [batch, sequence, width] between all layers nor a"
                  + " matrix of its rows nor [sequence, batch, width]: see node "
                  + (maker < 0 ? odd : Names.of(flow.node(maker)))
                  + ". Export it without transposing the stream");
    }
  }
}
