package dev.tale.bench.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.text.Continuation;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CasesTableTest {
  private static final String PROMPT = "Q: True or True is\nA:";
  private static final String CONTINUATION = " True";

  @TempDir private Path directory;

  @Test
  void run_tellsRightFromWrong() throws Exception {
    Path out = directory.resolve("cases.json");
    Path cases = Files.createDirectory(directory.resolve("cases"));
    write(cases.resolve("right"), 0);
    assertThat(CasesTable.run(cases, out)).isTrue();
    JsonNode right = new ObjectMapper().readTree(out.toFile()).at("/models/0");
    assertThat(right.get("outcome").asText()).isEqualTo("right");
    assertThat(right.get("answerDifference").asDouble()).isBetween(0.0, 1e-4);
    assertThat(right.get("exportDifference").asDouble()).isBetween(0.0, 1e-4);

    write(cases.resolve("wrong"), 0.01);
    assertThat(CasesTable.run(cases, out)).isFalse();
    JsonNode wrong = new ObjectMapper().readTree(out.toFile()).at("/models/1");
    assertThat(wrong.get("outcome").asText()).isEqualTo("wrong");
    assertThat(wrong.get("answerDifference").asDouble()).isBetween(0.0099, 0.0101);
  }

  @Test
  void run_acceptsARefusalOfAModelAndOfATokenizer() throws Exception {
    Path cases = directory.resolve("cases");
    Path model = NanoLlama.copyTo(Files.createDirectories(cases.resolve("none").resolve("model")));
    Files.writeString(model.resolve("model.onnx"), "no graph");
    Path tokenizers = Files.createDirectory(cases.resolve("tokenizers"));
    Files.copy(model.resolve("tokenizer.json"), tokenizers.resolve("good.json"));
    Files.writeString(tokenizers.resolve("no-json.json"), "no JSON");
    Path out = directory.resolve("cases.json");
    assertThat(CasesTable.run(cases, out)).isTrue();
    JsonNode json = new ObjectMapper().readTree(out.toFile());
    assertThat(json.at("/models/0/outcome").asText()).isEqualTo("refused");
    assertThat(json.at("/models/0/refusal").asText()).contains("model.onnx");
    assertThat(json.at("/tokenizers/0/used").asBoolean()).isTrue();
    assertThat(json.at("/tokenizers/1/refusal").asText()).contains("tokenizer.json");
  }

  @Test
  void run_ofNothingIsNotOk() throws IOException {
    assertThat(CasesTable.run(directory, directory.resolve("cases.json"))).isFalse();
  }

  /**
   * Expects what ONNX Runtime gives on the original, and a log-likelihood that is off by so much.
   */
  private static void write(Path directory, double off) throws IOException {
    Path model = NanoLlama.copyTo(Files.createDirectories(directory.resolve("model")));
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.putArray("masks").addArray();
    json.putArray("prompts").add(PROMPT);
    json.putArray("cont").add(CONTINUATION);
    try (TextTokenizer tokenizer = TextTokenizer.open(model.resolve("tokenizer.json"));
        PlainModel plain = PlainModel.open(model.resolve("model.onnx"))) {
      PromptEncoder encoder = new PromptEncoder(tokenizer);
      encoder.encode(PROMPT).forEach(json.putArray("ids").addArray()::add);
      Continuation both = encoder.encode(PROMPT, CONTINUATION);
      double sum =
          LogitFigures.logLikelihood(plain.output(both.tokens()), both.tokens(), both.from());
      json.putObject("loglik").putArray("").addArray().add(sum + off);
      writeArray(directory.resolve("expected.npz"), plain.output(encoder.encode(PROMPT)));
    }
    Files.writeString(directory.resolve("expected.json"), json.toString());
  }

  private static void writeArray(Path file, float[][] matrix) throws IOException {
    String header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }\n"
            .formatted(matrix.length, matrix[0].length);
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + header.length() + 4 * matrix.length * matrix[0].length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put("\u0093NUMPY\u0001\u0000".getBytes(StandardCharsets.ISO_8859_1))
            .putShort((short) header.length())
            .put(header.getBytes(StandardCharsets.ISO_8859_1));
    for (float[] row : matrix) {
      for (float value : row) {
        bytes.putFloat(value);
      }
    }
    try (OutputStream stream = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(stream)) {
      zip.putNextEntry(new ZipEntry("0_0.npy"));
      zip.write(bytes.array());
    }
  }
}
