package dev.tale.onnx.session.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.onnx.families.Fixture;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.runtime.PlainDecoding.Decoded;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a loop that runs the whole sequence for every token. */
@Tag("slow")
class PlainDecodingTest {
  private static final SessionConfig ONE_THREAD = SessionConfig.cpu(1);

  @TempDir Path directory;

  @Test
  void writtenModelsOfEveryFamilyDecodeAsWithoutACache() throws IOException {
    List<Path> models =
        Stream.concat(
                Stream.of(NanoLlama.directory()),
                Fixtures.all().stream()
                    .filter(fixture -> fixture.isDecoder() && fixture.format().equals("fp32"))
                    .map(Fixture::directory))
            .toList();
    int decoded = 0;
    for (Path model : models) {
      ModelDirectory original = ModelDirectory.open(model);
      if (original.caches().isEmpty()) {
        continue;
      }
      int layers = original.stream().layerCount();
      for (LayerMask mask : List.of(LayerMask.none(layers), LayerMask.of(layers, 0))) {
        requireSame(original, mask);
        decoded++;
      }
    }
    assertThat(decoded).isGreaterThan(20);
  }

  private void requireSame(ModelDirectory original, LayerMask mask) throws IOException {
    String which = original.path() + " " + mask;
    int openBefore = Native.open();
    try (Staged staged = original.excise(mask, directory.resolve("model"), Map.of());
        PlainSession session =
            PlainSession.open(
                staged.modelFiles().get(staged.modelFiles().size() - 1),
                original.stream().result(),
                ONE_THREAD)) {
      for (ImmutableLongArray prompt :
          List.of(ImmutableLongArray.of(5, 9, 3, 7, 4), ImmutableLongArray.of(6))) {
        Decoded decoded = session.decode(prompt, 6, original.caches());
        assertThat(decoded.tokens()).as(which).isEqualTo(withoutCache(session, prompt, 6));
        assertThat(decoded.nanos()).as(which).isPositive();
      }
    }
    assertThat(Native.open()).as(which).isEqualTo(openBefore);
  }

  private static List<Long> withoutCache(
      PlainSession session, ImmutableLongArray prompt, int tokens) {
    List<Long> decoded = new ArrayList<>();
    while (decoded.size() < tokens) {
      ImmutableLongArray all = ImmutableLongArray.builder().addAll(prompt).addAll(decoded).build();
      float[] logits = session.output(all, List.of(all.length() - 1)).get(0);
      int best = 0;
      for (int token = 1; token < logits.length; token++) {
        best = logits[token] > logits[best] ? token : best;
      }
      decoded.add((long) best);
    }
    return decoded;
  }
}
