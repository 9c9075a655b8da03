package dev.tale.onnx.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.tale.model.Message;
import dev.tale.model.ModelFormatException;
import dev.tale.onnx.jinja.Template;
import dev.tale.onnx.jinja.value.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChatTemplateTest {
  private static final Path PUBLISHED = Path.of("../../shared/data/templates");
  private static final String TOKENS = "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}";

  @TempDir private Path directory;

  /**
   * Templates of our own with what published ones are made of; transformers rendered the goldens.
   */
  @Test
  void ownTemplatesRenderAsInTransformers() throws IOException {
    SoftAssertions soft = new SoftAssertions();
    for (JsonNode row : resource("golden.json")) {
      String name = row.get("template").textValue();
      write("chat_template.jinja", text(name));
      write("tokenizer_config.json", TOKENS);
      String start = row.get("answerStart").textValue();
      check(soft, row, () -> template().render(messages(row), start));
    }
    soft.assertAll();
  }

  /** Fourteen published templates, read from beside the repository. */
  @Test
  void publishedTemplatesRenderAsInTransformers() throws IOException {
    Path golden = PUBLISHED.resolve("golden.json");
    assumeTrue(Files.exists(golden), golden + " is absent: a fresh clone does not have it");
    SoftAssertions soft = new SoftAssertions();
    int rows = 0;
    for (JsonNode row : new ObjectMapper().readTree(golden.toFile())) {
      String source = Files.readString(PUBLISHED.resolve(row.get("template").textValue()));
      check(soft, row, () -> rendered(source, row));
      rows++;
    }
    soft.assertAll();
    assertThat(rows).isEqualTo(168);
  }

  private static String rendered(String source, JsonNode row) {
    List<Object> turns = new ArrayList<>();
    messages(row).forEach(m -> turns.add(Map.of("role", m.role(), "content", m.content())));
    Map<String, Object> variables = new HashMap<>();
    variables.put("messages", turns);
    variables.put("add_generation_prompt", row.get("add_generation_prompt").booleanValue());
    variables.put("bos_token", row.get("bos_token").textValue());
    variables.put("eos_token", row.get("eos_token").textValue());
    variables.put("tools", Template.NONE);
    return Template.parse(source).render(variables, ChatTemplate.DEFAULT_DATE.atStartOfDay());
  }

  private static void check(SoftAssertions soft, JsonNode row, Rendering rendering)
      throws IOException {
    String label = row.get("template").textValue() + " " + row.get("conversation").textValue();
    if (row.has("rendered") && !row.get("rendered").isNull()) {
      soft.assertThat(rendering.text()).as(label).isEqualTo(row.get("rendered").textValue());
      return;
    }
    String words = row.get("error").textValue();
    String reason = words.contains("continue_final_message") ? "does not write how" : words;
    soft.assertThatThrownBy(rendering::text)
        .as(label)
        .isInstanceOfAny(UnencodableTextException.class, TemplateException.class)
        .hasMessageContaining(reason.substring(reason.indexOf(": ") + 1).strip());
  }

  @Test
  void aFileOfItsOwnWins() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"config\", \"bos_token\": \"<s>\"}");
    assertThat(template().render(hello(), "")).isEqualTo("config");
    write("chat_template.jinja", "{{ bos_token }}own");
    assertThat(template().render(hello(), "")).isEqualTo("<s>own");
  }

  @Test
  void ofSeveralTheDefaultIsTaken() throws IOException {
    write(
        "tokenizer_config.json",
        "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"tools\"},"
            + "{\"name\": \"default\", \"template\": \"default\"}]}");
    assertThat(template().render(hello(), "")).isEqualTo("default");
  }

  @Test
  void tokensAreTextsOrObjects() throws IOException {
    write(
        "tokenizer_config.json",
        "{\"bos_token\": {\"content\": \"<s>\", \"special\": true}, \"eos_token\": \"</s>\","
            + " \"pad_token\": null, \"model_max_length\": 1000000000000000019884624838656}");
    write(
        "chat_template.jinja",
        "{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}{{ tools is none }}");
    assertThat(template().render(hello(), "")).isEqualTo("<s></s>FalseTrue");
  }

  @Test
  void theDirectoryAboveOnnxIsSearchedToo() throws IOException {
    write("chat_template.jinja", "above");
    Path onnx = Files.createDirectory(directory.resolve("onnx"));
    Path other = Files.createDirectory(directory.resolve("other"));
    assertThat(ChatTemplate.find(onnx, ChatTemplate.DEFAULT_DATE)).isPresent();
    assertThat(ChatTemplate.find(other, ChatTemplate.DEFAULT_DATE)).isEmpty();
    assertThat(ChatTemplate.find(directory.resolve("none"), ChatTemplate.DEFAULT_DATE)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"chat_template\": 5}",
        "{\"chat_template\": [{\"name\": \"tool_use\", \"template\": \"a\"}]}",
        "{\"chat_template\": ",
        "{\"chat_template\": \"\u00ff\"}"
      })
  void aMalformedFileIsNamed(String json) throws IOException {
    Path file = directory.resolve("tokenizer_config.json");
    Files.write(file, json.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ChatTemplate.find(directory, ChatTemplate.DEFAULT_DATE))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("export the model again");
  }

  @Test
  void whatIsNotSupportedIsRefusedWithFileLineAndName() throws IOException {
    write("chat_template.jinja", "a\n{% include 'other' %}");
    assertThatThrownBy(() -> template().render(hello(), ""))
        .isInstanceOf(UnencodableTextException.class)
        .hasMessageContaining(directory.resolve("chat_template.jinja").toString())
        .hasMessageContaining("line 2: the tag 'include' is not supported")
        .hasMessageContaining("ask with text");
  }

  @Test
  void theDateIsASetting() throws IOException {
    write("chat_template.jinja", "{{ strftime_now('%d %b %Y') }}");
    assertThat(template().render(hello(), "")).isEqualTo("26 Jul 2024");
    LocalDate other = LocalDate.of(2031, 1, 2);
    assertThat(ChatTemplate.find(directory, other).orElseThrow().render(hello(), ""))
        .isEqualTo("02 Jan 2031");
  }

  @Test
  void everythingThatTextDependsOnIsHashed() throws IOException {
    write("chat_template.jinja", "a{{ bos_token }}");
    String before = hash(template());
    assertThat(hash(template())).isEqualTo(before);
    assertThat(hash(ChatTemplate.find(directory, LocalDate.EPOCH).orElseThrow()))
        .isNotEqualTo(before);
    write("tokenizer_config.json", TOKENS);
    String withTokens = hash(template());
    write("chat_template.jinja", "b{{ bos_token }}");
    assertThat(List.of(before, withTokens, hash(template()))).doesNotHaveDuplicates();
  }

  private static String hash(ChatTemplate template) {
    Hasher hasher = Hashing.sha256().newHasher();
    template.hashInto(hasher);
    return hasher.hash().toString();
  }

  private ChatTemplate template() throws IOException {
    Optional<ChatTemplate> found = ChatTemplate.find(directory, ChatTemplate.DEFAULT_DATE);
    return found.orElseThrow();
  }

  private static List<Message> hello() {
    return List.of(Message.user("hello"));
  }

  private static List<Message> messages(JsonNode row) {
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : row.get("messages")) {
      messages.add(
          new Message(message.get("role").textValue(), message.get("content").textValue()));
    }
    return messages;
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private static JsonNode resource(String name) throws IOException {
    return new ObjectMapper().readTree(text(name));
  }

  private static String text(String name) throws IOException {
    try (InputStream stream =
        ChatTemplateTest.class.getResourceAsStream("/text/templates/" + name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private interface Rendering {
    String text() throws IOException;
  }
}
