package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code add_bos_token} against the post-processor, as transformers 4.57.6 resolves it. */
@Tag("slow")
class TokenizerSettingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Logger WARNINGS = Logger.getLogger(TokenizerSettings.class.getName());

  @TempDir private Path directory;

  @BeforeAll
  static void keepQuiet() {
    WARNINGS.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    WARNINGS.setLevel(null);
  }

  /** {@code text/special_token_settings.py} wrote what transformers does. */
  @Test
  void theClassDecidesAsInTransformers() throws IOException {
    JsonNode rows = JSON.readTree(Path.of("src/test/resources/text/settings.json").toFile());
    assertThat(rows).hasSize(10 * 4 * 3 * 2);
    SoftAssertions soft = new SoftAssertions();
    for (JsonNode row : rows) {
      write(row.get(0).textValue(), row.get(1), row.get(2), row.get(3).booleanValue());
      try (TextTokenizer tokenizer = TextTokenizer.open(directory.resolve("tokenizer.json"))) {
        soft.assertThat(tokenizer.encode("a", true)).as("%s", row).isEqualTo(ids(row.get(4)));
      }
    }
    soft.assertAll();
  }

  @Test
  void whatTheSettingsChangeIsPartOfTheContent() throws IOException {
    JsonNode unset = JSON.getNodeFactory().textNode("unset");
    write("LlamaTokenizer", JSON.getNodeFactory().booleanNode(false), unset, true);
    String without = hash();
    write("LlamaTokenizer", JSON.getNodeFactory().booleanNode(true), unset, true);
    assertThat(hash()).isNotEqualTo(without);
    write("GPT2Tokenizer", JSON.getNodeFactory().booleanNode(true), unset, true);
    assertThat(hash()).isEqualTo(Hashing.sha256().newHasher().hash().toString());
  }

  private String hash() throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    try (TextTokenizer tokenizer = TextTokenizer.open(directory.resolve("tokenizer.json"))) {
      tokenizer.hashInto(hasher);
    }
    return hasher.hash().toString();
  }

  @Test
  void aTokenThatIsNotThereIsNamed() throws IOException {
    JsonNode unset = JSON.getNodeFactory().textNode("unset");
    write("LlamaTokenizer", unset, unset, true);
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"tokenizer_class\":\"LlamaTokenizer\",\"bos_token\":\"<nope>\"}");
    assertThatThrownBy(() -> TextTokenizer.open(directory.resolve("tokenizer.json")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer_config.json")
        .hasMessageContaining("<nope>");
  }

  private void write(String type, JsonNode bos, JsonNode eos, boolean adds) throws IOException {
    ObjectNode tokenizer =
        (ObjectNode) JSON.readTree(MutatedTokenizers.KINDS.resolve("llama2.json").toFile());
    if (!adds) {
      tokenizer.putNull("post_processor");
    }
    JSON.writeValue(directory.resolve("tokenizer.json").toFile(), tokenizer);
    ObjectNode settings = JSON.createObjectNode().put("tokenizer_class", type);
    settings.put("bos_token", "<s>").putObject("eos_token").put("content", "</s>");
    if (!bos.isTextual()) {
      settings.set("add_bos_token", bos);
    }
    if (!eos.isTextual()) {
      settings.set("add_eos_token", eos);
    }
    JSON.writeValue(directory.resolve("tokenizer_config.json").toFile(), settings);
  }

  private static ImmutableLongArray ids(JsonNode array) {
    return ImmutableLongArray.copyOf(
        StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::longValue));
  }
}
