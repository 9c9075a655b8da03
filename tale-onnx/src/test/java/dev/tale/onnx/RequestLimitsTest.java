package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that a model cannot be asked are refused, with their position, before anything runs. */
class RequestLimitsTest {
  private static final Path CASE = Path.of("..", "..", "shared", "cases", "08-token-beyond");
  private static final Request GOOD = score("not True is", " False");

  @TempDir private Path directory;

  /** nano-llama has 330 rows; the token is the 331st. */
  @Test
  void aTokenBehindTheMatrixIsRefusedInAnyRow() throws IOException {
    copyWithToken();
    try (OnnxModel model = OnnxModel.open(directory)) {
      assertBeyond(model, score("not <image> is", " False"), "embedding matrix has 330 rows");
      assertBeyond(model, score("not True is", " <image>"), "head predicts 330 tokens");
      assertBeyond(
          model,
          new Request.Generation(new Prompt.Text("<image>"), List.of(), 3),
          "embedding matrix has 330 rows");
      assertThatCode(() -> model.check(List.of(GOOD, score("<|pad|>", " False"))))
          .doesNotThrowAnyException();
    }
  }

  private static void assertBeyond(OnnxModel model, Request request, String limit) {
    assertThatThrownBy(() -> model.check(List.of(GOOD, GOOD, request)))
        .isInstanceOfSatisfying(
            UnanswerableRequestException.class, e -> assertThat(e.position()).isEqualTo(2))
        .hasMessageContaining("<image>")
        .hasMessageContaining("330")
        .hasMessageContaining(limit);
  }

  @Test
  void theCaseIsRefused() throws IOException {
    assumeTrue(Files.isDirectory(CASE), "needs " + CASE);
    try (OnnxModel model = OnnxModel.open(CASE.resolve("model"))) {
      assertThatThrownBy(
              () -> model.check(List.of(GOOD, score("a <image_soft_token> b", " False"))))
          .isInstanceOfSatisfying(
              UnanswerableRequestException.class, e -> assertThat(e.position()).isEqualTo(1))
          .hasMessageContaining("id 400")
          .hasMessageContaining("400 rows");
    }
  }

  /** A million spaces took seconds before the context was looked at. */
  @Test
  void aTextTooLongForTheContextIsNotEncoded() throws IOException {
    try (OnnxModel model = OnnxModel.open(NanoLlama.directory())) {
      Request request = score(" ".repeat(1_000_000), " False");
      assertTimeout(
          Duration.ofSeconds(1),
          () ->
              assertThatThrownBy(() -> model.check(List.of(GOOD, request)))
                  .isInstanceOf(UnanswerableRequestException.class)
                  .hasMessageContaining("Request 1")
                  .hasMessageContaining("1000006 characters")
                  .hasMessageContaining("10000"));
    }
  }

  @Test
  void characterBoundsFollowTheContext() {
    RequestLimits limits = new RequestLimits(8192, 10, 10);
    limits.checkCharacters(0, 32 * 8192);
    assertThatThrownBy(() -> limits.checkCharacters(3, 32 * 8192 + 1))
        .isInstanceOf(UnanswerableRequestException.class)
        .hasMessageContaining("Request 3");
    new RequestLimits(16, 10, 10).checkCharacters(0, 10_000);
  }

  @Test
  void whatIsOnlyPredictedNeedsNoRow() {
    RequestLimits limits = new RequestLimits(16, 5, 9);
    limits.checkTokens(0, ImmutableLongArray.of(4, 8), 1, id -> "t");
    assertThatThrownBy(() -> limits.checkTokens(0, ImmutableLongArray.of(4, 8, 1), 1, id -> "t"))
        .hasMessageContaining("5 rows");
    assertThatThrownBy(() -> limits.checkTokens(0, ImmutableLongArray.of(4, 9), 1, id -> "t"))
        .hasMessageContaining("predicts 9");
  }

  private static Request score(String prompt, String continuation) {
    return new Request.LogLikelihood(new Prompt.Text(prompt), continuation);
  }

  private void copyWithToken() throws IOException {
    try (Stream<Path> files = Files.list(NanoLlama.directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName().toString()));
      }
    }
    Path file = directory.resolve("tokenizer.json");
    ObjectMapper json = new ObjectMapper();
    ObjectNode tree = (ObjectNode) json.readTree(file.toFile());
    ArrayNode added = (ArrayNode) tree.get("added_tokens");
    ObjectNode token = added.get(0).deepCopy();
    added.add(token.put("id", tree.at("/model/vocab").size()).put("content", "<image>"));
    json.writeValue(file.toFile(), tree);
  }
}
