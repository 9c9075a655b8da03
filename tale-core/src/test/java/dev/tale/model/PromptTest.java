package dev.tale.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class PromptTest {

  @Test
  void request_ofString_isOfText() {
    assertThat(new Request.LogLikelihood("Q", " a"))
        .isEqualTo(new Request.LogLikelihood(Prompt.text("Q"), " a"));
    assertThat(new Request.Generation("Q", List.of(), 3))
        .isEqualTo(new Request.Generation(new Prompt.Text("Q"), List.of(), 3));
  }

  @Test
  void request_emptyTextToContinue_isRefused() {
    assertThatThrownBy(() -> new Request.Generation("", List.of(), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty");
    assertThat(new Request.LogLikelihood("", "a").prompt()).isEqualTo(Prompt.text(""));
  }

  @Test
  void chat_isAValueOfItsOwn() {
    List<Message> messages = new ArrayList<>(List.of(Message.system("s"), Message.user("u")));
    Prompt chat = Prompt.chat(messages);
    messages.clear();
    assertThat(chat)
        .isEqualTo(new Prompt.Chat(List.of(Message.system("s"), Message.user("u")), ""));
    assertThat(Message.assistant("a")).isEqualTo(new Message("assistant", "a"));
  }

  @Test
  void chat_thatIsNotTheUsersLast_isRefused() {
    assertThatThrownBy(() -> Prompt.chat(List.of(Message.user("u"), Message.assistant("a"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("assistant", "role user");
    assertThatThrownBy(() -> Prompt.chat(List.of())).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Message(" ", "what"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("what");
  }

  /** The row that is made of it is not known here, so the message names the part. */
  @Test
  void nulls_areRefusedByName() {
    List<String> holed = Collections.singletonList(null);
    Map<String, Callable<?>> makers =
        Map.ofEntries(
            Map.entry("text of the prompt", () -> Prompt.text(null)),
            Map.entry("continuation", () -> new Request.LogLikelihood("a", null)),
            Map.entry("prompt is null", () -> new Request.LogLikelihood((Prompt) null, "a")),
            Map.entry("prompt is null;", () -> new Request.Generation((Prompt) null, holed, 1)),
            Map.entry("list of stop strings", () -> new Request.Generation("a", null, 1)),
            Map.entry("A stop string", () -> new Request.Generation("a", holed, 1)),
            Map.entry("The text is", () -> new Request.Similarity(null, "a")),
            Map.entry("The other text", () -> new Request.Similarity("a", null)),
            Map.entry("list of messages", () -> Prompt.chat(null)),
            Map.entry("A message is", () -> Prompt.chat(Collections.singletonList(null))),
            Map.entry("role", () -> new Message(null, "a")),
            Map.entry("content of a message of role user", () -> Message.user(null)));
    makers.forEach(
        (name, maker) ->
            assertThatThrownBy(maker::call)
                .isInstanceOf(NullPointerException.class)
                .hasMessageContainingAll(name, "null", "give"));
  }
}
