package dev.tale.onnx.layers;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static java.util.stream.Collectors.toSet;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tale.onnx.graph.Aliases;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.SmallLongs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The way of a cache from its input through {@code Concat} over the tokens to its output. Keys and
 * values that are joined in one tensor are taken apart before, by {@code Gather}, {@code Split} or
 * {@code Slice}, and stacked behind; each must come back to the place where it was.
 *
 * <p>Implementation note. Both ways lead to the Concats: forward from the input and back from the
 * output. At each, the axes of the cache that are left in their order, and the places that were
 * picked on the others, must be the same. What is not understood gives no parts.
 */
final class AppendedCache {
  /** More than any exporter has between a cache and its layer; bounds what a file can ask for. */
  private static final int MAX_STEPS = 256;

  private static final int UNIT = -1;

  private final OnnxGraph graph;
  private final Dataflow flow;
  private final List<Dimension> dims;
  private final Set<Part> parts = new HashSet<>();
  private final Map<String, List<Integer>> whole = new HashMap<>();
  private boolean understood = true;
  private int steps;

  private AppendedCache(OnnxGraph graph, Dataflow flow, List<Dimension> dims) {
    this.graph = graph;
    this.flow = flow;
    this.dims = dims;
  }

  /** Returns which axis of a cache new tokens are appended along, if that is seen. */
  static OptionalInt lengthAxis(OnnxGraph graph, Dataflow flow, String past, List<Dimension> dims) {
    Set<Integer> axes =
        forward(graph, flow, past, dims).stream().map(Part::lengthAxis).collect(toSet());
    return axes.size() == 1 ? OptionalInt.of(axes.iterator().next()) : OptionalInt.empty();
  }

  /** Returns whether all of a cache is appended to, and nothing else comes out. */
  static boolean goesOn(OnnxGraph graph, Dataflow flow, String past, String present) {
    List<Dimension> dims = CacheFormat.dims(graph, past);
    Set<Part> in = forward(graph, flow, past, dims);
    AppendedCache back = new AppendedCache(graph, flow, dims);
    back.back(present, View.whole(dims.size()), in);
    return !in.isEmpty() && back.understood && in.equals(back.parts) && isComplete(in, dims);
  }

  /** Returns, for values that are a part of a cache, which of its axes their own are. */
  static Map<String, List<Integer>> axes(OnnxGraph graph, Dataflow flow, String past) {
    AppendedCache cache = new AppendedCache(graph, flow, CacheFormat.dims(graph, past));
    cache.forward(past, View.whole(cache.dims.size()));
    return cache.whole;
  }

  private static Set<Part> forward(
      OnnxGraph graph, Dataflow flow, String past, List<Dimension> dims) {
    AppendedCache cache = new AppendedCache(graph, flow, dims);
    cache.forward(past, View.whole(dims.size()));
    return cache.understood ? cache.parts : Set.of();
  }

  /** As many parts as there are places to pick, or the whole. */
  private static boolean isComplete(Set<Part> parts, List<Dimension> dims) {
    long places = 1;
    for (int axis : parts.iterator().next().view().picked().keySet()) {
      places *= Math.max(1, dims.get(axis).getDimValue());
    }
    return parts.size() == places;
  }

  private void forward(String value, View view) {
    if (view.left().axes().equals(view.axes())) {
      whole.put(value, view.axes());
    }
    for (int reader : flow.readers(value)) {
      if (goOn() && !flow.readsShapeOnly(reader)) {
        read(reader, value, view);
      }
    }
  }

  private boolean goOn() {
    steps++;
    understood &= steps <= MAX_STEPS;
    return understood;
  }

  private void read(int reader, String value, View view) {
    NodeProto node = flow.node(reader);
    switch (node.getOpType()) {
      case "Split" -> split(node, view);
      case "Concat" -> {
        understood &= node.getInput(0).equals(value);
        end(reader, view);
      }
      default -> {
        Optional<View> made = made(node, view);
        understood &= made.isPresent();
        made.ifPresent(next -> forward(node.getOutput(0), next));
      }
    }
  }

  private Optional<View> made(NodeProto node, View view) {
    return switch (node.getOpType()) {
      case "Cast", "Identity" -> Optional.of(view);
      case "Transpose" -> view.permuted(perm(node, view));
      case "Squeeze" -> axes(node).map(view::squeezed);
      case "Unsqueeze" -> axes(node).flatMap(view::unsqueezed);
      case "Gather" -> gathered(node, view);
      case "Slice" -> sliced(node, view);
      default -> Optional.empty();
    };
  }

  private void end(int concat, View view) {
    int lengthAxis = view.axis(axis(flow.node(concat)));
    understood &= lengthAxis != UNIT;
    parts.add(new Part(concat, lengthAxis, view.left()));
  }

  private void split(NodeProto node, View view) {
    int axis = view.axis(axis(node));
    understood &= axis != UNIT && size(axis) == node.getOutputCount();
    for (int place = 0; understood && place < node.getOutputCount(); place++) {
      forward(node.getOutput(place), view.picked(axis, place));
    }
  }

  private long size(int axis) {
    return dims.get(axis).getDimValue();
  }

  private Optional<View> gathered(NodeProto node, View view) {
    boolean scalar =
        Aliases.constant(graph, flow, node.getInput(1))
            .filter(tensor -> tensor.getDimsCount() == 0)
            .isPresent();
    return only(node, 1)
        .flatMap(place -> picked(view, axis(node), place))
        .map(picked -> scalar ? picked.squeezed(List.of(axis(node))) : picked);
  }

  /** One place of one axis. */
  private Optional<View> sliced(NodeProto node, View view) {
    long axis = only(node, 3).orElse(Long.MAX_VALUE);
    long start = only(node, 1).orElse(Long.MAX_VALUE);
    long end = only(node, 2).orElse(Long.MIN_VALUE);
    int from = view.axis(axis);
    boolean last = from != UNIT && (start == -1 || start == size(from) - 1) && end >= size(from);
    return end == start + 1 || last ? picked(view, axis, start) : Optional.empty();
  }

  private Optional<View> picked(View view, long at, long place) {
    int axis = view.axis(at);
    long size = axis == UNIT ? 0 : size(axis);
    long from0 = place < 0 ? place + size : place;
    return from0 >= 0 && from0 < size
        ? Optional.of(view.picked(axis, (int) from0))
        : Optional.empty();
  }

  private void back(String value, View view, Set<Part> ends) {
    int maker = flow.maker(value);
    understood &= maker >= 0;
    if (goOn()) {
      made(maker, view, ends);
    }
  }

  private void made(int maker, View view, Set<Part> ends) {
    NodeProto node = flow.node(maker);
    if (node.getOpType().equals("Concat")) {
      if (ends.stream().anyMatch(end -> end.concat() == maker)) {
        end(maker, view);
      } else {
        stacked(node, view, ends);
      }
      return;
    }
    Optional<View> read =
        switch (node.getOpType()) {
          case "Cast", "Identity" -> Optional.of(view);
          case "Transpose" -> view.restored(perm(node, view));
          case "Unsqueeze" -> axes(node).map(view::squeezed);
          default -> Optional.empty();
        };
    understood &= read.isPresent();
    read.ifPresent(before -> back(node.getInput(0), before, ends));
  }

  private void stacked(NodeProto node, View view, Set<Part> ends) {
    int axis = view.axis(axis(node));
    understood &= axis != UNIT && size(axis) == node.getInputCount();
    for (int place = 0; understood && place < node.getInputCount(); place++) {
      back(node.getInput(place), view.picked(axis, place), ends);
    }
  }

  private Optional<List<Long>> axes(NodeProto node) {
    return SmallLongs.of(graph, flow, node, 1, "axes");
  }

  /** Returns the only element of a constant. */
  private Optional<Long> only(NodeProto node, int input) {
    return node.getInputCount() > input
        ? SmallLongs.of(graph, flow, node.getInput(input))
            .filter(list -> list.size() == 1)
            .map(list -> list.get(0))
        : Optional.empty();
  }

  private static List<Long> perm(NodeProto node, View view) {
    int rank = view.axes().size();
    return Attributes.find(node, "perm")
        .map(AttributeProto::getIntsList)
        .orElseGet(() -> LongStream.range(0, rank).map(i -> rank - 1 - i).boxed().toList());
  }

  private static long axis(NodeProto node) {
    return Attributes.find(node, "axis").map(AttributeProto::getI).orElse(0L);
  }

  /** Where a part of the cache is appended to, and along which of its axes. */
  private record Part(int concat, int lengthAxis, View view) {}

  /**
   * A value as a part of the cache.
   *
   * @param axes for each of its axes that of the cache, or a new one of size 1
   * @param picked places on axes that were picked from, which may be left with size 1
   */
  private record View(ImmutableList<Integer> axes, ImmutableMap<Integer, Integer> picked) {

    static View whole(int rank) {
      return new View(
          IntStream.range(0, rank).boxed().collect(toImmutableList()), ImmutableMap.of());
    }

    /** Returns the axis of the cache; a new one if there is no such axis. */
    int axis(long at) {
      long index = at < 0 ? at + axes.size() : at;
      return index >= 0 && index < axes.size() ? axes.get((int) index) : UNIT;
    }

    View picked(int axis, int place) {
      Map<Integer, Integer> more = new HashMap<>(picked);
      more.put(axis, place);
      return new View(axes, ImmutableMap.copyOf(more));
    }

    Optional<View> permuted(List<Long> perm) {
      return isPermutation(perm)
          ? Optional.of(new View(perm.stream().map(this::axis).collect(toImmutableList()), picked))
          : Optional.empty();
    }

    /** The order that was permuted to this. */
    Optional<View> restored(List<Long> perm) {
      if (!isPermutation(perm)) {
        return Optional.empty();
      }
      List<Integer> restored = new ArrayList<>(axes);
      for (int to = 0; to < perm.size(); to++) {
        restored.set(perm.get(to).intValue(), axes.get(to));
      }
      return Optional.of(new View(ImmutableList.copyOf(restored), picked));
    }

    private boolean isPermutation(List<Long> perm) {
      return perm.stream()
          .sorted()
          .toList()
          .equals(LongStream.range(0, axes.size()).boxed().toList());
    }

    View squeezed(List<Long> places) {
      return new View(
          IntStream.range(0, axes.size())
              .filter(
                  at -> !places.contains((long) at) && !places.contains((long) at - axes.size()))
              .mapToObj(axes::get)
              .collect(toImmutableList()),
          picked);
    }

    Optional<View> unsqueezed(List<Long> places) {
      long rank = (long) axes.size() + places.size();
      List<Integer> more = new ArrayList<>(axes);
      for (long place : places.stream().map(at -> at < 0 ? at + rank : at).sorted().toList()) {
        if (place < 0 || place > more.size()) {
          return Optional.empty();
        }
        more.add((int) place, UNIT);
      }
      return Optional.of(new View(ImmutableList.copyOf(more), picked));
    }

    /** Without what has size 1 by picking or unsqueezing. */
    View left() {
      return new View(
          axes.stream()
              .filter(axis -> axis != UNIT && !picked.containsKey(axis))
              .collect(toImmutableList()),
          picked);
    }
  }
}
