package dev.tale.onnx.layers;

import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import dev.tale.onnx.graph.Dataflow;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The caches of a model's layers, where it is known how each goes on from run to run: what enters a
 * {@code Concat} over the positions and comes out of it ({@link AppendedCache}), or enters a {@code
 * GroupQueryAttention} and comes out of it, casts aside. A model may have none, or others, or
 * inputs of one length only; it is then run without.
 */
public final class CachePorts {
  private static final Set<String> TRANSPARENT = Set.of("Cast", "Identity");

  private final CacheLayout layout;
  private final ImmutableListMultimap<Integer, CachePort> byLayer;

  private CachePorts(CacheLayout layout, ImmutableListMultimap<Integer, CachePort> byLayer) {
    this.layout = layout;
    this.byLayer = byLayer;
  }

  /** Returns the caches of a decoder, if every layer's are known and of one kind. */
  public static Optional<CachePorts> find(ResidualStream stream) {
    ImmutableListMultimap.Builder<Integer, CachePort> ports = ImmutableListMultimap.builder();
    Set<CacheLayout> layouts = EnumSet.noneOf(CacheLayout.class);
    for (int index = 0; index < stream.layerCount(); index++) {
      Layer layer = stream.layer(index);
      if (layer.pastInputs().size() != layer.presentOutputs().size()) {
        return Optional.empty();
      }
      for (int port = 0; port < layer.pastInputs().size(); port++) {
        String past = layer.pastInputs().get(port);
        String present = layer.presentOutputs().get(port);
        CacheLayout layout = layout(stream, past, present);
        if (layout == null) {
          return Optional.empty();
        }
        layouts.add(layout);
        ports.put(index, new CachePort(past, present, CacheFormat.of(stream, past)));
      }
    }
    boolean open = stream.inputSizes().length() == 0;
    return stream.hasHead() && open && layouts.size() == 1
        ? Optional.of(new CachePorts(layouts.iterator().next(), ports.build()))
        : Optional.empty();
  }

  private static @Nullable CacheLayout layout(ResidualStream stream, String past, String present) {
    return AppendedCache.goesOn(stream.graph(), stream.flow(), past, present)
        ? CacheLayout.CONCATENATED
        : byRow(stream.flow(), past, present);
  }

  private static @Nullable CacheLayout byRow(Dataflow flow, String past, String present) {
    String entry = past;
    int reader = onlyReader(flow, entry);
    while (reader >= 0 && TRANSPARENT.contains(flow.node(reader).getOpType())) {
      entry = flow.node(reader).getOutput(0);
      reader = onlyReader(flow, entry);
    }
    String exit = present;
    int maker = flow.maker(exit);
    while (maker >= 0 && TRANSPARENT.contains(flow.node(maker).getOpType())) {
      exit = flow.node(maker).getInput(0);
      maker = flow.maker(exit);
    }
    return reader >= 0 && reader == maker && isByRow(flow.node(reader), entry, exit)
        ? CacheLayout.BY_ROW
        : null;
  }

  private static int onlyReader(Dataflow flow, String value) {
    List<Integer> readers =
        flow.readers(value).stream().filter(node -> !flow.readsShapeOnly(node)).toList();
    return readers.size() == 1 ? readers.get(0) : -1;
  }

  private static boolean isByRow(NodeProto node, String entry, String exit) {
    int key = node.getInputList().indexOf(entry) - 3;
    return node.getOpType().equals("GroupQueryAttention")
        && key >= 0
        && node.getOutputList().indexOf(exit) - 1 == key;
  }

  public CacheLayout layout() {
    return layout;
  }

  /** Returns the caches of a layer, possibly none, in the order of its inputs. */
  public ImmutableList<CachePort> of(int layer) {
    return byLayer.get(layer);
  }

  /** Returns every format that there is. */
  public ImmutableSet<CacheFormat> formats() {
    return byLayer.values().stream().map(CachePort::format).collect(ImmutableSet.toImmutableSet());
  }

  public ImmutableList<CachePort> all() {
    return ImmutableList.copyOf(byLayer.values());
  }
}
