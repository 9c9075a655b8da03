package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults of a tokenizer.json, most of which ended the process, are refused with their place. */
class MalformedTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path CASES = Path.of("..", "..", "shared", "cases", "tokenizers");

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "gpt2; /decoder; {\"type\":\"Strip\",\"content\":\"a\",\"start\":9,\"stop\":9}; /decoder/stop",
        "gpt2; /decoder/trim_offsets; \"\\ud800\"; surrogate",
        "gpt2; /decoder/type; \"ByteLevel \"; /decoder/type",
        "gpt2; /decoder; {}; /decoder/type",
        "gpt2; /decoder/more; 1; more",
        "gpt2; /normalizer; {\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"x\"}; /normalizer/pattern/String",
        "gpt2; /normalizer; {\"type\":\"Replace\",\"pattern\":{\"Regex\":\"a*\"},\"content\":\"x\"}; /normalizer/pattern",
        "gpt2; /normalizer; {\"type\":\"Replace\",\"pattern\":{\"Regex\":\"(a+)+$\"},\"content\":\"x\"}; /normalizer/pattern/Regex",
        "gpt2; /normalizer; {\"type\":\"Prepend\",\"prepend\":\"\"}; /normalizer/prepend",
        "gpt2; /pre_tokenizer; {\"type\":\"FixedLength\",\"length\":0}; /pre_tokenizer/length",
        "gpt2; /model/vocab/a; -1; /model/vocab/a",
        "gpt2; /model/vocab/a; 4294967295; /model/vocab/a",
        "gpt2; /model/vocab/a; 3; id of another token",
        "gpt2; /model/dropout; 0.1; /model/dropout",
        "gpt2; /model/unk_token; \"nope\"; /model/unk_token",
        "gpt2; /model/merges/0; \"a b c\"; /model/merges/0",
        "gpt2; /model/continuing_subword_prefix; \"##\"; /model/merges/0",
        "gpt2; /added_tokens/0/id; 99999; /added_tokens/0/id",
        "gpt2; /added_tokens/0/content; \"\"; /added_tokens/0/content",
        "gpt2; /version; \"2.0\"; /version",
        "llama2; /post_processor/single/0/SpecialToken/id; \"nope\"; /post_processor/single/0",
        "llama2; /post_processor/single/1/Sequence/id; \"B\"; /post_processor/single/1",
        "llama2; /post_processor/special_tokens/<s>/ids/0; 7; /post_processor/special_tokens/<s>/ids/0",
        "bert; /model/unk_token; \"nope\"; /model/unk_token",
        "bert; /model/max_input_chars_per_word; 1000000; /model/max_input_chars_per_word",
        "mpnet; /post_processor/cls/1; 99; /post_processor/cls/1",
        "t5; /model/unk_id; 999999; /model/unk_id",
        "t5; /model/vocab/3/1; \"a\"; /model/vocab/3",
        "t5; /normalizer/precompiled_charsmap; \"AAAA\"; /normalizer/precompiled_charsmap",
        "t5; /normalizer/precompiled_charsmap; \"EAAAAP////////////////////8=\"; /normalizer/precompiled_charsmap",
        "t5; /normalizer/precompiled_charsmap; \"\"; /normalizer/precompiled_charsmap"
      })
  void aFaultIsRefusedWithItsPlace(String kind, String pointer, String value, String place)
      throws IOException {
    Path file = with(kind, pointer, JSON.readTree(value));
    assertThatThrownBy(() -> TextTokenizer.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(place)
        .hasMessageContaining("fetch or export the model again");
  }

  /** One more text in the template, one more processor that adds tokens: both ended the process. */
  @Test
  void specialTokensAreAddedOnce() throws IOException {
    ObjectNode tree = tree("llama2");
    ObjectNode twice = JSON.createObjectNode().put("type", "Sequence");
    twice.putArray("processors").add(tree.get("post_processor")).add(tree.get("post_processor"));
    Path file = with("llama2", "/post_processor", twice);
    assertThatThrownBy(() -> TextTokenizer.open(file)).hasMessageContaining("twice");
  }

  @Test
  void aTokenThatTakesSpacesAndOneThatIsSpacesAreNotUsedTogether() throws IOException {
    ObjectNode tree = tree("gpt-neox");
    ((ObjectNode) tree.at("/added_tokens/0")).put("rstrip", true).put("normalized", true);
    ((ObjectNode) tree.at("/added_tokens/2")).put("lstrip", true);
    Path file = write(tree);
    assertThatThrownBy(() -> TextTokenizer.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("/added_tokens/2/lstrip");
  }

  @Test
  void replacementsThatFeedOneAnotherAreRefused() throws IOException {
    ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
    ArrayNode parts = sequence.putArray("normalizers");
    for (int i = 0; i < 40; i++) {
      parts.add(
          JSON.readTree(
              "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aa\"}"));
    }
    Path file = with("gpt2", "/normalizer", sequence);
    assertThatThrownBy(() -> TextTokenizer.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("times longer");
  }

  @Test
  void oneKeyTwiceIsRefused() throws IOException {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), "{\"model\":1,\"model\":1}");
    assertThatThrownBy(() -> TextTokenizer.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("uplicate");
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    Path file =
        Files.writeString(
            directory.resolve("tokenizer.json"), "[".repeat(100_000) + "]".repeat(100_000));
    assertThatThrownBy(() -> TextTokenizer.open(file)).isInstanceOf(ModelFormatException.class);
  }

  /** A character without a token, where there is no unknown token: as an error, not by a panic. */
  @Test
  void aTextWithoutTokensIsRefused() throws IOException {
    ObjectNode tree = tree("t5");
    ((ObjectNode) tree.get("model")).putNull("unk_id");
    try (TextTokenizer tokenizer = TextTokenizer.open(write(tree))) {
      assertThatThrownBy(() -> tokenizer.encode("\u5ddd", true))
          .isInstanceOf(UnencodableTextException.class)
          .hasMessageContaining("unknown token");
      assertThat(tokenizer.encode("river", false).isEmpty()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "llama2", "t5", "bert", "clip"})
  void anyIdsDecode(String kind) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(kind(kind))) {
      ImmutableLongArray ids =
          ImmutableLongArray.of(-1, 1L << 40, Long.MIN_VALUE, 100_000, Integer.MAX_VALUE);
      assertThat(tokenizer.decode(ids, false)).isEmpty();
      assertThat(tokenizer.decode(ImmutableLongArray.of(), true)).isEmpty();
    }
  }

  @Test
  void theCasesAreUsedOrRefused() throws IOException {
    assumeTrue(Files.isDirectory(CASES), "needs " + CASES);
    List<Path> files;
    try (Stream<Path> listed = Files.list(CASES)) {
      files = listed.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(10);
    for (Path file : files) {
      Path copy = Files.write(directory.resolve("tokenizer.json"), Files.readAllBytes(file));
      assertThat(MutantReader.outcome(copy, MutantReader.texts(40), 1))
          .as(file.toString())
          .isIn("used", "refused");
    }
  }

  private static Path kind(String kind) {
    return MutatedTokenizers.KINDS.resolve(kind + ".json");
  }

  private static ObjectNode tree(String kind) throws IOException {
    return (ObjectNode) JSON.readTree(kind(kind).toFile());
  }

  private Path with(String kind, String pointer, JsonNode value) throws IOException {
    ObjectNode tree = tree(kind);
    int last = pointer.lastIndexOf('/');
    JsonNode parent = tree.at(pointer.substring(0, last));
    String name = pointer.substring(last + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), value);
    } else {
      ((ObjectNode) parent).set(name, value);
    }
    return write(tree);
  }

  private Path write(JsonNode tree) throws IOException {
    Path file = directory.resolve("tokenizer.json");
    // Halves of characters are written as escapes.
    String json = JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(tree);
    return Files.writeString(file, json);
  }
}
