package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.ImmutableLongArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tokenizers in the shapes that models are published in, against transformers. {@code
 * text/published_kinds.py} wrote them, and what transformers encodes and decodes.
 */
class PublishedTokenizersTest {
  private static final Path DIRECTORY =
      Path.of("src", "test", "resources", "text", "kinds").toAbsolutePath();

  static Stream<String> kinds() throws IOException {
    return expected().propertyStream().map(entry -> entry.getKey());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void textsEncodeAndDecodeAsInTransformers(String kind) throws IOException {
    SoftAssertions soft = new SoftAssertions();
    try (TextTokenizer tokenizer = TextTokenizer.open(DIRECTORY.resolve(kind + ".json"))) {
      for (JsonNode row : expected().get(kind)) {
        String text = row.get("text").textValue();
        ImmutableLongArray ids = ids(row.get("ids"));
        soft.assertThat(tokenizer.encode(text, true)).as(text).isEqualTo(ids);
        soft.assertThat(tokenizer.encode(text, false)).as(text).isEqualTo(ids(row.get("bare")));
        soft.assertThat(tokenizer.decode(ids, false)).isEqualTo(row.get("decoded").textValue());
        soft.assertThat(tokenizer.decode(ids, true))
            .isEqualTo(row.get("withoutSpecial").textValue());
      }
    }
    soft.assertAll();
    assertThat(expected().get(kind)).hasSizeGreaterThan(15);
  }

  private static JsonNode expected() throws IOException {
    return new ObjectMapper().readTree(DIRECTORY.resolve("expected.json").toFile());
  }

  private static ImmutableLongArray ids(JsonNode array) {
    return ImmutableLongArray.copyOf(
        StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::longValue));
  }
}
