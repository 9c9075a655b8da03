package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.RunCounter;
import dev.tale.onnx.text.ChatTemplate;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestEncoderTest {
  private static final long BOS = 0;
  private static final List<Message> QUESTION =
      List.of(Message.system("Be brief."), Message.user("not True is"));

  private static TextTokenizer tokenizer;

  @BeforeAll
  static void open() throws IOException {
    tokenizer = TextTokenizer.open(NanoLlama.directory().resolve("tokenizer.json"));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @Test
  void aConversationIsTheTemplatesTextWithOneBeginning() throws IOException {
    ChatTemplate template =
        ChatTemplate.find(NanoLlama.directory(), ChatTemplate.DEFAULT_DATE).orElseThrow();
    RequestEncoder encoder = encoder(Optional.of(template));
    Prompt prompt = new Prompt.Chat(QUESTION, "It is");
    ImmutableLongArray tokens =
        encoder.encode(List.of(new Request.Generation(prompt, List.of(), 1))).get(0).input();
    assertThat(tokenizer.decode(tokens, false))
        .isEqualTo("<|begin_of_text|>Be brief.\n\nQ: not True is\nA: It is");
    assertThat(tokens.get(0)).isEqualTo(BOS);
    assertThat(tokens.subArray(1, tokens.length()).contains(BOS)).isFalse();
  }

  @Test
  void aConversationIsScoredAsItsTextIs() throws IOException {
    ChatTemplate template =
        ChatTemplate.find(NanoLlama.directory(), ChatTemplate.DEFAULT_DATE).orElseThrow();
    RequestEncoder encoder = encoder(Optional.of(template));
    String text = template.render(QUESTION, "");
    List<TokenRequest> both =
        encoder.encode(
            List.of(
                new Request.LogLikelihood(Prompt.chat(QUESTION), " True"),
                new Request.LogLikelihood(text, " True")));
    assertThat(both.get(0)).isEqualTo(both.get(1));
  }

  @Test
  void withoutATemplateAConversationIsRefused() {
    assertThatThrownBy(() -> encoder(Optional.empty()).encode(List.of(chat("a"))))
        .isInstanceOf(UnanswerableRequestException.class)
        .hasMessageContaining("Request 0")
        .hasMessageContaining("no chat template")
        .hasMessageContaining("chat_template.jinja");
  }

  @Test
  void whatTheTemplateRefusesIsRefusedWithItsWordsAndThePlace(@TempDir Path directory)
      throws IOException {
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{% for m in messages %}{% if m.content == 'no' %}{{ raise_exception('I will not!') }}"
            + "{% endif %}{{ m.content }}{% endfor %}");
    RequestEncoder encoder = encoder(ChatTemplate.find(directory, ChatTemplate.DEFAULT_DATE));
    assertThatThrownBy(() -> encoder.encode(List.of(chat("yes"), chat("no"))))
        .isInstanceOfSatisfying(
            UnanswerableRequestException.class, e -> assertThat(e.position()).isOne())
        .hasMessageContaining("I will not!");
  }

  @Test
  void theTemplateBelongsToTheContentOfTheModel(@TempDir Path directory) throws IOException {
    NanoLlama.copyTo(directory);
    String before = hash(directory);
    Files.writeString(directory.resolve("chat_template.jinja"), "{{ messages[0].content }}");
    assertThat(hash(directory)).isNotEqualTo(before);
  }

  private static String hash(Path directory) throws IOException {
    try (OnnxModel model = OnnxModel.open(directory)) {
      return model.info().contentHash();
    }
  }

  private static Request chat(String content) {
    return new Request.Generation(Prompt.chat(List.of(Message.user(content))), List.of(), 1);
  }

  private static RequestEncoder encoder(Optional<ChatTemplate> template) {
    return new RequestEncoder(
        new PromptEncoder(tokenizer), template, new RequestLimits(256, 384, 384), new RunCounter());
  }
}
