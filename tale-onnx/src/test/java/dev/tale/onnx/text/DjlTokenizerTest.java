package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.nano.NanoLlama;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DjlTokenizerTest {
  private static final Path FILE = NanoLlama.directory().resolve("tokenizer.json");
  private static final long BOS = 0;

  private static TextTokenizer tokenizer;

  @BeforeAll
  static void open() throws IOException {
    tokenizer = TextTokenizer.open(FILE);
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void specialTokensAreTheCallersChoice() {
    ImmutableLongArray bare = tokenizer.encode("not True is", false);
    ImmutableLongArray dressed = tokenizer.encode("not True is", true);
    assertThat(bare.contains(BOS)).isFalse();
    assertThat(dressed.get(0)).isEqualTo(BOS);
    assertThat(dressed.subArray(1, dressed.length())).isEqualTo(bare);
    assertThat(tokenizer.encode("", false).isEmpty()).isTrue();
    assertThat(tokenizer.decode(dressed, true)).isEqualTo("not True is");
    assertThat(tokenizer.decode(dressed, false)).isEqualTo("<|begin_of_text|>not True is");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " two  spaces ",
        "\n\t",
        "na\u00efve \u2014 \ud83d\ude00",
        "\u0000",
        "\u0130I\u0131i"
      })
  void bytesComeBack(String text) {
    assertThat(tokenizer.decode(tokenizer.encode(text, false), false)).isEqualTo(text);
  }

  @Test
  void aLongTextIsNotCut() {
    String text = "True and ".repeat(2000);
    ImmutableLongArray tokens = tokenizer.encode(text, true);
    assertThat(tokens.length()).isGreaterThan(4000);
    assertThat(tokenizer.decode(tokens, true)).isEqualTo(text);
  }

  @Test
  void truncationAndPaddingOfTheFileAreSwitchedOff(@TempDir Path directory) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = (ObjectNode) mapper.readTree(FILE.toFile());
    json.set(
        "truncation",
        mapper.readTree(
            "{\"direction\":\"Right\",\"max_length\":8,\"strategy\":\"LongestFirst\",\"stride\":0}"));
    json.set(
        "padding",
        mapper.readTree(
            "{\"strategy\":{\"Fixed\":16},\"direction\":\"Right\",\"pad_to_multiple_of\":null,"
                + "\"pad_id\":2,\"pad_type_id\":0,\"pad_token\":\"<|pad|>\"}"));
    Path file = directory.resolve("tokenizer.json");
    mapper.writeValue(file.toFile(), json);
    try (TextTokenizer cutting = TextTokenizer.open(file)) {
      for (String text : new String[] {"a", "True and False ".repeat(40)}) {
        assertThat(cutting.encode(text, true)).isEqualTo(tokenizer.encode(text, true));
      }
    }
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path directory) {
    Path file = directory.resolve("tokenizer.json");
    assertThatThrownBy(() -> TextTokenizer.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("does not exist")
        .hasMessageContaining("export the model again");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 0.9, 0.999})
  void aTruncatedFileIsMalformed(double kept) throws IOException {
    byte[] bytes = Files.readAllBytes(FILE);
    Path file = Files.createTempFile("tokenizer", ".json");
    Files.write(file, Arrays.copyOf(bytes, (int) (bytes.length * kept)));
    try {
      assertThatThrownBy(() -> TextTokenizer.open(file))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("truncated");
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aFileThatIsNotTextIsMalformed(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("t.json"), new byte[] {'{', (byte) 0xff, '}'});
    assertThatThrownBy(() -> TextTokenizer.open(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void aClosedTokenizerSaysSo() throws IOException {
    TextTokenizer closed = TextTokenizer.open(FILE);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.encode("a", true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> closed.decode(ImmutableLongArray.of(5), true))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void settingsOfTheEmbeddingProgramStay() {
    String name = "dev.tale.onnx.text.setting";
    try {
      DjlSettings.setUnlessSet(name, "ours");
      assertThat(System.getProperty(name)).isEqualTo("ours");
      System.setProperty(name, "theirs");
      DjlSettings.setUnlessSet(name, "ours");
      assertThat(System.getProperty(name)).isEqualTo("theirs");
    } finally {
      System.clearProperty(name);
    }
    String inEnvironment = System.getenv().keySet().iterator().next();
    DjlSettings.setUnlessSet(inEnvironment, "ours");
    assertThat(System.getProperty(inEnvironment)).isNull();
  }

  @Test
  void theLibraryIsKeptFromTheNetwork() {
    for (String name : new String[] {"OPT_OUT_TRACKING", "RUST_FLAVOR"}) {
      String property = System.getProperty(name);
      assertThat(property == null ? System.getenv(name) : property).as(name).isNotNull();
    }
  }
}
