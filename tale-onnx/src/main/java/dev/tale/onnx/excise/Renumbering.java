package dev.tale.onnx.excise;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tale.onnx.graph.Attributes;
import dev.tale.onnx.layers.Layer;
import dev.tale.onnx.layers.ResidualStream;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * New names for what belongs to the layers that stay, so that they count from 0 again. Cache inputs
 * and outputs take over those of the layer whose place theirs takes: clients find them by number.
 * Nodes, values and weights of a layer are renamed where they carry its label's number; a new name
 * that is taken already gets a suffix.
 */
final class Renumbering {
  private static final Pattern NUMBERED = Pattern.compile("([A-Za-z_]+[./_]?)(\\d+)$");

  private final ResidualStream stream;
  private final Map<String, String> values = new HashMap<>();
  private final Map<String, String> nodes = new HashMap<>();

  private Renumbering(ResidualStream stream) {
    this.stream = stream;
  }

  /**
   * Chooses names.
   *
   * @param kept layers that stay
   * @param remaining nodes that stay, with their old names
   * @param weights names of the weights that stay
   */
  static Renumbering of(
      ResidualStream stream, List<Integer> kept, List<NodeProto> remaining, Set<String> weights) {
    Renumbering renumbering = new Renumbering(stream);
    renumbering.caches(kept);
    Set<String> values = new HashSet<>(weights);
    Set<String> nodes = new HashSet<>();
    for (NodeProto node : remaining) {
      values.addAll(Attributes.reads(node));
      values.addAll(node.getOutputList());
      nodes.add(node.getName());
    }
    renumbering.labels(kept, values, nodes);
    return renumbering;
  }

  private void caches(List<Integer> kept) {
    List<Layer> cached = withCache(IntStream.range(0, stream.layerCount()).boxed().toList());
    List<Layer> stay = withCache(kept);
    for (int place = 0; place < stay.size(); place++) {
      zip(stay.get(place).pastInputs(), cached.get(place).pastInputs());
      zip(stay.get(place).presentOutputs(), cached.get(place).presentOutputs());
    }
  }

  private List<Layer> withCache(List<Integer> layers) {
    return layers.stream()
        .map(stream::layer)
        .filter(layer -> !layer.presentOutputs().isEmpty())
        .toList();
  }

  private void zip(List<String> from, List<String> to) {
    for (int index = 0; index < from.size(); index++) {
      values.put(from.get(index), to.get(index));
    }
  }

  private void labels(List<Integer> kept, Set<String> liveValues, Set<String> liveNodes) {
    Map<String, String> wantedValues = new HashMap<>();
    Map<String, String> wantedNodes = new HashMap<>();
    Map<Integer, String> labels = labelsByLayer();
    List<Integer> layers =
        kept.stream().map(index -> stream.layer(index).info().layer()).distinct().toList();
    for (int index : kept) {
      Layer layer = stream.layer(index);
      String now = labels.getOrDefault(layers.indexOf(layer.info().layer()), "");
      UnaryOperator<String> renamed = renamed(layer.info().label(), now);
      BitSet nodes = (BitSet) layer.nodes().clone();
      nodes.or(layer.constants());
      nodes.stream()
          .forEach(
              node -> {
                String name = stream.flow().node(node).getName();
                wantedNodes.put(name, renamed.apply(name));
                stream.flow().outputs(node).forEach(v -> wantedValues.put(v, renamed.apply(v)));
              });
      layer.weights().forEach(weight -> wantedValues.put(weight, renamed.apply(weight)));
    }
    assign(wantedValues, liveValues, values);
    assign(wantedNodes, liveNodes, nodes);
  }

  private Map<Integer, String> labelsByLayer() {
    Map<Integer, String> labels = new HashMap<>();
    stream.layers().forEach(info -> labels.putIfAbsent(info.layer(), info.label()));
    return labels;
  }

  private static UnaryOperator<String> renamed(String from, String to) {
    Matcher old = NUMBERED.matcher(from);
    Matcher now = NUMBERED.matcher(to);
    if (!old.find() || !now.find() || !old.group(1).equals(now.group(1))) {
      return UnaryOperator.identity();
    }
    Pattern scope = Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(old.group()) + "(?![0-9])");
    return name -> scope.matcher(name).replaceFirst(Matcher.quoteReplacement(now.group()));
  }

  private static void assign(
      Map<String, String> wanted, Set<String> live, Map<String, String> assigned) {
    Set<String> taken = new HashSet<>(assigned.values());
    live.stream().filter(name -> !wanted.containsKey(name)).forEach(taken::add);
    wanted.entrySet().stream()
        .filter(entry -> live.contains(entry.getKey()) && !assigned.containsKey(entry.getKey()))
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> assigned.put(entry.getKey(), free(entry.getValue(), taken)));
  }

  private static String free(String name, Set<String> taken) {
    String candidate = name;
    for (int suffix = 1; !taken.add(candidate); suffix++) {
      candidate = name + "_" + suffix;
    }
    return candidate;
  }

  String value(String name) {
    return values.getOrDefault(name, name);
  }

  String node(String name) {
    return nodes.getOrDefault(name, name);
  }
}
