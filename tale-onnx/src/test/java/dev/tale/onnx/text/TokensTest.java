package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tokens of the kinds of tokenizers that language models use, against transformers, and pairs of
 * prompt and continuation against lm-evaluation-harness. The tokenizers are tiny, the texts are
 * odd; {@code text/make_tokens.py} wrote both.
 */
class TokensTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen", "llama2", "mistral", "lucie", "word-piece"})
  void textsEncodeAndDecodeAsInTransformers(String kind) throws IOException {
    try (TextTokenizer tokenizer = open(kind)) {
      SoftAssertions soft = new SoftAssertions();
      for (JsonNode row : golden(kind).get("texts")) {
        String text = row.get("text").textValue();
        ImmutableLongArray ids = ids(row.get("ids"));
        soft.assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids);
        soft.assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids(row.get("bare")));
        soft.assertThat(tokenizer.decode(ids, false)).isEqualTo(row.get("decoded").textValue());
        soft.assertThat(tokenizer.decode(ids, true))
            .isEqualTo(row.get("withoutSpecial").textValue());
      }
      soft.assertAll();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen", "llama2", "mistral", "lucie"})
  void pairsSplitAsInTheHarness(String kind) throws IOException {
    try (TextTokenizer tokenizer = open(kind)) {
      PromptEncoder encoder = new PromptEncoder(tokenizer);
      SoftAssertions soft = new SoftAssertions();
      for (JsonNode row : golden(kind).get("pairs")) {
        String context = row.get("context").textValue();
        String continuation = row.get("continuation").textValue();
        if (row.get("after").isEmpty()) {
          soft.assertThatThrownBy(() -> encoder.encode(context, continuation))
              .as("%s|%s", context, continuation)
              .isInstanceOf(UnencodableTextException.class);
        } else {
          Continuation both = encoder.encode(context, continuation);
          soft.assertThat(both.tokens().subArray(0, both.from()))
              .as("%s|%s", context, continuation)
              .isEqualTo(ids(row.get("before")));
          soft.assertThat(both.tokens().subArray(both.from(), both.tokens().length()))
              .as("%s|%s", context, continuation)
              .isEqualTo(ids(row.get("after")));
        }
      }
      soft.assertAll();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen", "llama2", "mistral", "lucie", "word-piece"})
  void nothingIsCutWhateverTheFileAsksFor(String kind) throws IOException {
    String text = "The river carried the old boat. ".repeat(3200);
    ImmutableLongArray all;
    try (TextTokenizer tokenizer = open(kind)) {
      all = tokenizer.encode(text, true);
    }
    assertThat(all.length()).isGreaterThan(3200 * 6);
    Path file = extract(kind);
    ObjectNode json = (ObjectNode) JSON.readTree(file.toFile());
    json.set(
        "truncation",
        JSON.readTree(
            "{\"direction\":\"Left\",\"max_length\":16,\"strategy\":\"LongestFirst\",\"stride\":2}"));
    json.set(
        "padding",
        JSON.readTree(
            "{\"strategy\":{\"Fixed\":32},\"direction\":\"Left\",\"pad_to_multiple_of\":8,"
                + "\"pad_id\":1,\"pad_type_id\":0,\"pad_token\":\"x\"}"));
    JSON.writeValue(file.toFile(), json);
    try (TextTokenizer tokenizer = TextTokenizer.open(file)) {
      assertThat(tokenizer.encode(text, true)).isEqualTo(all);
      assertThat(tokenizer.encode("a", false).length()).isLessThan(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "llama2", "mistral", "lucie"})
  void aBeginningThatIsWrittenIsNotAddedAgain(String kind) throws IOException {
    try (TextTokenizer tokenizer = open(kind)) {
      PromptEncoder encoder = new PromptEncoder(tokenizer);
      String beginning = tokenizer.decode(tokenizer.encode("", true), false).strip();
      ImmutableLongArray tokens = encoder.encode(beginning + "a");
      assertThat(tokens.get(0)).isEqualTo(tokenizer.encode("", true).get(0));
      assertThat(tokens.subArray(1, tokens.length()).contains(tokens.get(0))).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud800", "a\udc00b", "\ud83d"})
  void halfACharacterIsRefused(String text) throws IOException {
    try (TextTokenizer tokenizer = open("llama3")) {
      assertThatThrownBy(() -> tokenizer.encode(text, false))
          .isInstanceOf(UnencodableTextException.class)
          .hasMessageContaining("surrogate");
    }
  }

  private TextTokenizer open(String kind) throws IOException {
    return TextTokenizer.open(extract(kind));
  }

  private Path extract(String kind) throws IOException {
    Path file = directory.resolve(kind + ".json");
    try (InputStream stream = resource(kind, "tokenizer.json")) {
      return Files.write(file, stream.readAllBytes());
    }
  }

  private static JsonNode golden(String kind) throws IOException {
    try (InputStream stream = resource(kind, "tokens.json")) {
      return JSON.readTree(stream);
    }
  }

  private static InputStream resource(String kind, String name) {
    return TokensTest.class.getResourceAsStream("/text/tokens/" + kind + "/" + name);
  }

  private static ImmutableLongArray ids(JsonNode array) {
    return ImmutableLongArray.copyOf(
        StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::longValue));
  }
}
