package dev.tale.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
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
}
