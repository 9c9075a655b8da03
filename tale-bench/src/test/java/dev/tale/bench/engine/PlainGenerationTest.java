package dev.tale.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the table compares generates the same. */
class PlainGenerationTest {

  @Test
  void generate_givesTheTokensOfTale() throws IOException, OrtException {
    long[][] prompts = GenerationTable.prompts(2);
    try (GatedSession session =
            GatedSession.open(
                ModelDirectory.open(NanoLlama.directory()).stream(), SessionConfig.cpu(1));
        PlainGeneration plain = PlainGeneration.open(NanoLlama.directory().resolve("model.onnx"))) {
      List<String> expected =
          plain.generate(prompts, GenerationTable.NEW_TOKENS).stream()
              .map(Object::toString)
              .toList();
      List<String> answers = GenerationTable.answer(session, prompts);
      for (int row = 0; row < expected.size(); row++) {
        assertThat(answers.get(row)).contains(expected.get(row));
      }
    }
  }
}
