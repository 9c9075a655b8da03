package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The conversations that lm-evaluation-harness makes with its chat template on. */
class ChatFormatTest {
  private static final List<Example> POOL =
      List.of(
          Example.multipleChoice("S1?", List.of("no", "yes"), 1),
          Example.multipleChoice("S2?", List.of("no", "yes"), 0));

  private static final Task CHOICES =
      Task.multipleChoice(
              "t", List.of("Q?"), q -> Example.multipleChoice(q, List.of("no", "yes"), 0))
          .withShots(Shots.first(2, POOL));

  private static final Task ANSWERS =
      Task.generation("g", List.of("Q?"), q -> Example.generation(q, "a"), Decoding.until("\n"));

  private static List<Request> scored(Prompt prompt, String delimiter) {
    return List.of(
        new Request.LogLikelihood(prompt, delimiter + "no"),
        new Request.LogLikelihood(prompt, delimiter + "yes"));
  }

  @Test
  void standard_shotsAndRowAreOneMessage_withoutTargetDelimiter() {
    assertThat(CHOICES.withChat(ChatFormat.standard()).requests(0))
        .isEqualTo(scored(Prompt.chat(List.of(Message.user("S1? yes\n\nS2? no\n\nQ?"))), ""));
  }

  @Test
  void shotsAsTurns_haveNoDelimiters() {
    Prompt prompt =
        Prompt.chat(
            List.of(
                Message.user("S1?"),
                Message.assistant("yes"),
                Message.user("S2?"),
                Message.assistant("no"),
                Message.user("Q?")));
    assertThat(CHOICES.withChat(ChatFormat.standard().withShotsAsTurns()).requests(0))
        .isEqualTo(scored(prompt, ""));
  }

  @Test
  void descriptionFollowsTheSystemText_apart() {
    Task described =
        ANSWERS.withPromptFormat(PromptFormat.standard().withDescription("Answer.\n\n"));
    assertThat(system(described, "")).isEqualTo("Answer.\n\n");
    assertThat(system(described, "Be brief.")).isEqualTo("Be brief.\n\nAnswer.\n\n");
    assertThat(system(described, "Be brief.\n")).isEqualTo("Be brief.\nAnswer.\n\n");
    assertThat(system(ANSWERS, "Be brief.")).isEqualTo("Be brief.");
  }

  private static String system(Task task, String system) {
    Request request = task.withChat(ChatFormat.standard().withSystem(system)).requests(0).get(0);
    Prompt.Chat chat = (Prompt.Chat) ((Request.Generation) request).prompt();
    assertThat(chat.messages()).hasSize(2).last().isEqualTo(Message.user("Q?"));
    return chat.messages().get(0).content();
  }

  @Test
  void answerStart_isInTheShotsToo_andBringsTheDelimiterBack() {
    ChatFormat chat = ChatFormat.standard().withAnswerStart("It is");
    List<Message> messages = List.of(Message.user("S1? It is yes\n\nS2? It is no\n\nQ?"));
    assertThat(CHOICES.withChat(chat).requests(0))
        .isEqualTo(scored(new Prompt.Chat(messages, "It is"), " "));
    List<Message> turns =
        List.of(
            Message.user("S1?"),
            Message.assistant("It is: yes"),
            Message.user("S2?"),
            Message.assistant("It is: no"),
            Message.user("Q?"));
    ChatFormat spaced = chat.withAnswerStart("It is: ").withShotsAsTurns();
    assertThat(CHOICES.withChat(spaced).requests(0))
        .isEqualTo(scored(new Prompt.Chat(turns, "It is: "), ""));
  }

  @Test
  void similarity_isRefused() {
    Task task =
        Task.similarity(
            "meanings", List.of("Q"), q -> Example.multipleChoice(q, List.of("a", "b"), 0));
    assertThatThrownBy(() -> task.withChat(ChatFormat.standard()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("meanings", "encoder");
  }
}
