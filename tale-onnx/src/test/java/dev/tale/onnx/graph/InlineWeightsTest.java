package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.excise.LayerExcision;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs whose large weights stay in their file, beside the same read as a whole. */
class InlineWeightsTest {
  private static final int WEIGHT = 1 << 17;
  private static final long SEED = 16;

  @TempDir private Path directory;

  private static OnnxGraph inPart(Path file) throws IOException {
    return OnnxGraph.read(file, 0);
  }

  @ParameterizedTest
  @EnumSource
  void everyFieldIsRead(TestModels model) throws IOException {
    OnnxGraph whole = OnnxGraph.read(model.file(), Long.MAX_VALUE);
    OnnxGraph inPart = inPart(model.file());
    assertThat(filled(inPart)).isEqualTo(whole.proto());
    assertThat(whole.external()).isEmpty();
    assertThat(inPart.bytes()).isBetween(whole.bytes() - 10_000, whole.bytes() + 10_000);
  }

  @Test
  void largeWeightsStayInTheFile() throws IOException {
    OnnxGraph nano = inPart(TestModels.NANO.file());
    assertThat(nano.external()).hasSizeGreaterThan(12 * 3);
    assertThat((long) nano.proto().getSerializedSize())
        .isLessThan(Files.size(TestModels.NANO.file()) / 4);
    assertThat(nano.external().values()).allMatch(ExternalRange::isInline);
  }

  /** The model with the bytes back in their place. */
  private static ModelProto filled(OnnxGraph graph) throws IOException {
    GraphProto.Builder filled = graph.proto().getGraph().toBuilder();
    for (TensorProto.Builder tensor : filled.getInitializerBuilderList()) {
      ExternalRange range = graph.external().get(tensor.getName());
      if (range != null) {
        tensor.clearDataLocation().setRawData(ByteString.copyFrom(range.read()));
      }
    }
    return graph.proto().toBuilder().setGraph(filled).build();
  }

  @ParameterizedTest
  @EnumSource
  void theSameIsWritten(TestModels model) throws IOException {
    LayerMask mask = LayerMask.of(model.layers, 1);
    Path whole = directory.resolve("whole.onnx");
    Path inPart = directory.resolve("in-part.onnx");
    LayerExcision.write(
        ResidualStream.find(OnnxGraph.read(model.file(), Long.MAX_VALUE)), mask, whole, Map.of());
    List<Path> written =
        LayerExcision.write(ResidualStream.find(inPart(model.file())), mask, inPart, Map.of());
    assertThat(written).containsExactly(inPart);
    assertThat(ModelProto.parseFrom(Files.readAllBytes(inPart)))
        .isEqualTo(ModelProto.parseFrom(Files.readAllBytes(whole)));
  }

  @Test
  void theHashIsThatOfTheContentNotOfTheName() throws IOException {
    Path copy = Files.copy(TestModels.NANO.file(), directory.resolve("copy.onnx"));
    String hash = inPart(copy).contentHash();
    assertThat(hash).isEqualTo(inPart(TestModels.NANO.file()).contentHash());
    byte[] bytes = Files.readAllBytes(copy);
    bytes[(int) inPart(copy).external().values().iterator().next().offset()]++;
    Files.write(copy, bytes);
    assertThat(inPart(copy).contentHash()).isNotEqualTo(hash);
  }

  @Test
  void aFileThatIsCutOff_isRefusedWherever() throws IOException {
    byte[] bytes = Files.readAllBytes(model(weight -> {}));
    Path file = directory.resolve("model.onnx");
    for (int length = 1; length < bytes.length; length += length > 2000 ? 977 : 1) {
      Files.write(file, Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> inPart(file))
          .as("%d bytes", length)
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @Test
  void bytesThatDoNotFitTheDimensions() throws IOException {
    Path file = model(weight -> weight.setDims(0, WEIGHT / 4 + 1));
    assertThatThrownBy(() -> inPart(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("large", "[32769]", "131072 bytes");
  }

  @Test
  void bytesInTwoPlaces() throws IOException {
    Path file =
        model(
            weight ->
                weight
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(Nodes.entry("location", "other")));
    for (long small : new long[] {0, Long.MAX_VALUE}) {
      assertThatThrownBy(() -> OnnxGraph.read(file, small))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContainingAll("large", "in the graph and in external data");
    }
  }

  /** An external weight without a location is not one that was left in the file. */
  @Test
  void noFileCanSayThatItsWeightIsItsOwn() throws IOException {
    Path file =
        model(
            weight ->
                weight
                    .clearRawData()
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(Nodes.entry("location", "")));
    assertThatThrownBy(() -> inPart(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll("large", "external location");
  }

  /** Broken files are read alike, or refused alike. */
  @Test
  void mutants() throws IOException {
    byte[] bytes = Files.readAllBytes(model(weight -> {}));
    Random random = new Random(SEED);
    Path file = directory.resolve("model.onnx");
    int read = 0;
    for (int mutant = 0; mutant < 1000; mutant++) {
      byte[] broken = bytes.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        broken[place(random, broken.length)] = (byte) random.nextInt();
      }
      Files.write(file, broken);
      String whole = outcome(file, Long.MAX_VALUE);
      assertThat(outcome(file, 0)).as("mutant %d of seed %d", mutant, SEED).isEqualTo(whole);
      read += whole.equals("refused") ? 0 : 1;
    }
    assertThat(read).isBetween(100, 900);
  }

  /** Mostly not within the weight, which fills nearly all of the file. */
  private static int place(Random random, int length) {
    int small = length - WEIGHT;
    return random.nextInt(5) == 0 ? random.nextInt(length) : random.nextInt(small);
  }

  private static String outcome(Path file, long small) throws IOException {
    try {
      return filled(OnnxGraph.read(file, small)).toString();
    } catch (ModelFormatException | dev.tale.model.UnsupportedModelException e) {
      return "refused";
    }
  }

  /** A tiny model with one large weight, the last of all. */
  private Path model(Consumer<TensorProto.Builder> change) throws IOException {
    ModelProto.Builder model =
        new TinyGraphs().embedding("x").layer("x", "y").head("y").model().toBuilder();
    TensorProto.Builder weight =
        model
            .getGraphBuilder()
            .addInitializerBuilder()
            .setName("large")
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .addDims(WEIGHT / Float.BYTES)
            .setRawData(ByteString.copyFrom(new byte[WEIGHT]));
    change.accept(weight);
    return Files.write(directory.resolve("original.onnx"), model.build().toByteArray());
  }
}
