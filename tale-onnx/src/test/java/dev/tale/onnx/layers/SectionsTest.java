package dev.tale.onnx.layers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.tale.onnx.families.Fixture;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.graph.Dataflow;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sections, against the same found by looking at every node for every section. */
@Tag("slow")
class SectionsTest {
  private static final long SEED = 14;

  static Stream<Fixture> fixtures() {
    return Fixtures.all().stream().filter(fixture -> fixture.format().equals("fp32"));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void find_isTheNaiveSearch(Fixture fixture) throws IOException {
    OnnxGraph graph = ModelDirectory.open(fixture.directory()).graph();
    assertNaive(ResidualStream.find(graph));
    Random random = new Random(SEED);
    for (int round = 0; round < 3; round++) {
      assertNaive(ResidualStream.find(withUnreadNodes(graph, random)));
    }
  }

  private static void assertNaive(ResidualStream stream) {
    NaiveSections naive = new NaiveSections(stream);
    assertThat(stream.embedding()).isEqualTo(naive.embedding);
    assertThat(stream.headNodes()).isEqualTo(naive.head);
    for (int layer = 0; layer < stream.layerCount(); layer++) {
      assertThat(stream.layer(layer).nodes()).as("layer " + layer).isEqualTo(naive.layer(layer));
      assertThat(stream.layer(layer).constants()).isEqualTo(naive.constants(layer));
      assertThat(naive.layer(layer).cardinality()).isGreaterThan(3);
    }
  }

  /** Adds nodes that nothing reads, each behind the one whose value it reads. */
  private static OnnxGraph withUnreadNodes(OnnxGraph graph, Random random) {
    List<NodeProto> nodes = new ArrayList<>();
    for (NodeProto node : graph.proto().getGraph().getNodeList()) {
      nodes.add(node);
      if (random.nextInt(8) == 0 && !node.getOpType().equals("Constant")) {
        String read = random.nextBoolean() ? node.getOutput(0) : "input_ids";
        nodes.add(Nodes.node("Shape", List.of(read), "unread." + nodes.size()));
      }
    }
    return graph.with(graph.proto().getGraph().toBuilder().clearNode().addAllNode(nodes).build());
  }

  /** Looks at every node, for every section. */
  private static final class NaiveSections {
    private final Dataflow flow;
    private final BitSet taken = new BitSet();
    private final BitSet embedding = new BitSet();
    private final BitSet head = new BitSet();
    private final List<BitSet> layers = new ArrayList<>();

    NaiveSections(ResidualStream stream) {
      flow = stream.flow();
      String lookup = Embedding.find(stream.graph(), flow, stream.result()).output();
      Dominators dominators = Dominators.between(flow, lookup, stream.result());
      List<String> boundaries = stream.boundaries();
      take(embedding, ResidualPart.between(flow, dominators, lookup, boundaries.get(0)));
      embedding.set(flow.maker(lookup));
      taken.or(embedding);
      for (int layer = 0; layer < stream.layerCount(); layer++) {
        layers.add(dependents(boundaries.get(layer), boundaries.get(layer + 1)));
        taken.or(layers.get(layer));
      }
      String last = boundaries.get(stream.layerCount());
      take(head, ResidualPart.between(flow, dominators, last, stream.result()));
      claim(embedding);
      layers.forEach(this::claim);
      claim(head);
    }

    private void take(BitSet section, BitSet nodes) {
      section.or(nodes);
      taken.or(nodes);
    }

    private BitSet dependents(String from, String to) {
      BitSet nodes = new BitSet();
      Set<String> reached = new HashSet<>(Set.of(from));
      for (int node = flow.maker(from) + 1; node < flow.size(); node++) {
        boolean shapeOfFrom = flow.readsShapeOnly(node) && flow.reads(node).contains(from);
        if (!shapeOfFrom
            && !taken.get(node)
            && flow.reads(node).stream().anyMatch(reached::contains)) {
          nodes.set(node);
          reached.addAll(flow.outputs(node));
          reached.remove(to);
        }
      }
      return nodes;
    }

    private void claim(BitSet section) {
      for (int node = section.length() - 1; node >= 0; node--) {
        if (!taken.get(node)
            && !flow.isConstant(node)
            && !flow.outputs(node).isEmpty()
            && flow.readOnlyBy(node, section)) {
          section.set(node);
          taken.set(node);
        }
      }
    }

    BitSet layer(int layer) {
      return layers.get(layer);
    }

    /** Nodes that make constants which this layer alone reads, by way of others or not. */
    BitSet constants(int layer) {
      BitSet constants = new BitSet();
      for (int node = flow.size() - 1; node >= 0; node--) {
        if (flow.isConstant(node)
            && !flow.outputs(node).isEmpty()
            && flow.outputs(node).stream()
                .allMatch(
                    value ->
                        !flow.readers(value).isEmpty()
                            && flow.readers(value).stream()
                                .allMatch(r -> layers.get(layer).get(r) || constants.get(r)))) {
          constants.set(node);
        }
      }
      return constants;
    }
  }
}
