package dev.tale.onnx.layers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.onnx.graph.Nodes;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.TinyGraphs;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTypesTest {
  private static final ImmutableLongArray TOKENS = ImmutableLongArray.of(1, 2, 3, 5);
  private static final List<Integer> POSITIONS = List.of(0, 1, 2, 3);
  private static final SessionConfig CPU = SessionConfig.cpu(1);

  @TempDir private Path directory;

  /** An embedding of 16 bits, which every reader casts by itself. */
  @Test
  void typeThatIsNotEverywhere_isCast() throws IOException {
    OnnxGraph graph = embedded16().layer("y", "z").head("z").read(directory);
    ResidualStream stream = ResidualStream.find(graph);
    assertThat(stream.hiddenType()).isEqualTo(HiddenType.FLOAT);
    assertThat(stream.boundaries()).containsExactly("x/float", "y", "z");
    assertThat(outputs(stream))
        .usingElementComparator(Arrays::compare)
        .containsExactlyElementsOf(plain());
  }

  /** Sums in float32, cast to 16 bits behind: the stream has the type of the embedding. */
  @Test
  void boundary_liesBehindTheCastThatAllHave() throws IOException {
    OnnxGraph graph =
        embedded16()
            .node(Nodes.cast("y", DataType.FLOAT16_VALUE, "y.half"))
            .node(Nodes.cast("y.half", DataType.FLOAT_VALUE, "y.float"))
            .layer("y.float", "z")
            .node(Nodes.cast("z", DataType.FLOAT16_VALUE, "z.half"))
            .node(Nodes.cast("z.half", DataType.FLOAT_VALUE, "z.float"))
            .head("z.float")
            .read(directory);
    ResidualStream stream = ResidualStream.find(graph);
    assertThat(stream.hiddenType()).isEqualTo(HiddenType.FLOAT16);
    assertThat(stream.boundaries()).containsExactly("x", "y.half", "z.half");
    assertThat(outputs(stream)).hasSize(POSITIONS.size());
  }

  /** Table, and a layer from x to y with casts to float32 of its own. */
  private static TinyGraphs embedded16() {
    return new TinyGraphs()
        .random()
        .ids()
        .matrix("embedding")
        .node(Nodes.cast("embedding", DataType.FLOAT16_VALUE, "table"))
        .node("Gather", "x", "table", "input_ids")
        .node(Nodes.cast("x", DataType.FLOAT_VALUE, "x.normed"))
        .node(Nodes.cast("x", DataType.FLOAT_VALUE, "x.summed"))
        .mixing("x.normed", "m")
        .node("Add", "mid", "x.summed", "m.mixed")
        .feedForward("mid", "y");
  }

  private static List<float[]> outputs(ResidualStream stream) {
    try (GatedSession gated = GatedSession.open(stream, CPU)) {
      return gated.output(TOKENS, POSITIONS, LayerMask.none(stream.layerCount()));
    }
  }

  private List<float[]> plain() {
    try (PlainSession session = PlainSession.open(directory.resolve("model.onnx"), "logits", CPU)) {
      return session.output(TOKENS, POSITIONS);
    }
  }
}
