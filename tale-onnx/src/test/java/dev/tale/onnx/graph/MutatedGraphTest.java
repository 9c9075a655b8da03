package dev.tale.onnx.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the bytes of a graph, it is read, or refused by type: nothing else. */
class MutatedGraphTest {
  @TempDir private Path directory;

  @Test
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void read_survivesFlippedBytesAndTruncation() throws IOException {
    fuzz(400, 20251123);
  }

  @Test
  @Tag("nightly")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void read_survivesMoreOfThem() throws IOException {
    fuzz(20_000, System.nanoTime());
  }

  private void fuzz(int rounds, long seed) throws IOException {
    byte[][] originals = {
      Files.readAllBytes(TestModels.DYNAMO.file()),
      Files.readAllBytes(TinyGraphs.withExternalData(tiny(), directory, 2))
    };
    SplittableRandom random = new SplittableRandom(seed);
    int read = 0;
    for (int round = 0; round < rounds; round++) {
      byte[] bytes = mutated(originals[round % 2], random);
      Path file = Files.write(directory.resolve("model.onnx"), bytes);
      try {
        OnnxGraph graph = OnnxGraph.read(file);
        ResidualStream stream = ResidualStream.find(graph);
        ConditionForm form = round % 4 < 2 ? ConditionForm.BOOL : ConditionForm.LENGTH;
        assertThat(GatedGraph.of(graph, stream, form).modelBytes()).isNotEmpty();
        read++;
      } catch (ModelFormatException | UnsupportedModelException e) {
        assertThat(e).hasMessageContaining(file.toString());
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(read).as("seed %d", seed).isBetween(1, rounds - 1);
  }

  private static ai.onnx.proto.OnnxMl.ModelProto tiny() {
    return new TinyGraphs().embedding("x").layer("x", "y").layer("y", "z").head("z").model();
  }

  private static byte[] mutated(byte[] original, SplittableRandom random) {
    if (random.nextInt(5) == 0) {
      return Arrays.copyOf(original, random.nextInt(original.length));
    }
    byte[] bytes = original.clone();
    int flips = 1 + random.nextInt(4);
    for (int flip = 0; flip < flips; flip++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }
}
