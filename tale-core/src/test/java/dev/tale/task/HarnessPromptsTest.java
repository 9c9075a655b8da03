package dev.tale.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Compares prompts, plain and as conversations, with those of lm-evaluation-harness for the same
 * rows and shots, see {@code src/test/python}.
 */
class HarnessPromptsTest {
  private static final List<String> NO_YES = List.of("no", "yes");
  private static final JsonNode HARNESS = Resource.json("prompts.json");

  private static Task choices(int shots) {
    return task(
        Example.multipleChoice("Q?", NO_YES, 0),
        shots,
        Example.multipleChoice("S1?", NO_YES, 1),
        Example.multipleChoice("S2?", NO_YES, 0));
  }

  private static Task contexts(int shots) {
    return task(
        Example.multipleContexts(List.of("My hat", "My bat"), "flew away.", 0),
        shots,
        Example.multipleContexts(List.of("The cat", "The mat"), "was sat on.", 1),
        Example.multipleContexts(List.of("A dog", "A log"), "barked.", 0));
  }

  private static Task task(Example row, int shots, Example... pool) {
    return Task.multipleChoice("t", List.of(row), example -> example)
        .withShots(Shots.first(shots, List.of(pool)));
  }

  /** The task of a case: whether contexts, description, delimiters, number of shots. */
  private static Task task(JsonNode golden) {
    int shots = golden.get(3).intValue();
    Task task = golden.get(0).booleanValue() ? contexts(shots) : choices(shots);
    return task.withPromptFormat(
        new PromptFormat(
            golden.get(1).textValue(),
            golden.get(2).get(0).textValue(),
            golden.get(2).get(1).textValue()));
  }

  @Test
  void plain() {
    List<List<Request>> expected = new ArrayList<>();
    List<List<Request>> actual = new ArrayList<>();
    for (JsonNode golden : HARNESS.get("plain")) {
      expected.add(scored(golden.get(4), prompt -> Prompt.text(prompt.textValue())));
      actual.add(task(golden).requests(0));
    }
    assertThat(actual).hasSizeGreaterThan(30).isEqualTo(expected);
  }

  @Test
  void chat() {
    List<List<Request>> expected = new ArrayList<>();
    List<List<Request>> actual = new ArrayList<>();
    for (JsonNode golden : HARNESS.get("chat")) {
      String answerStart = golden.get(5).textValue();
      ChatFormat chat =
          new ChatFormat(golden.get(4).textValue(), golden.get(6).booleanValue(), answerStart);
      expected.add(scored(golden.get(7), prompt -> chat(prompt, answerStart)));
      actual.add(task(golden).withChat(chat).requests(0));
    }
    assertThat(actual).hasSizeGreaterThan(200).isEqualTo(expected);
  }

  private static List<Request> scored(JsonNode arguments, Function<JsonNode, Prompt> prompt) {
    List<Request> requests = new ArrayList<>();
    for (JsonNode pair : arguments) {
      requests.add(new Request.LogLikelihood(prompt.apply(pair.get(0)), pair.get(1).textValue()));
    }
    return requests;
  }

  /** The harness has the beginning of the answer as a message of the assistant, to be gone on. */
  private static Prompt chat(JsonNode prompt, String answerStart) {
    List<Message> messages = new ArrayList<>();
    prompt.forEach(
        message ->
            messages.add(
                new Message(message.get("role").textValue(), message.get("content").textValue())));
    if (!answerStart.isEmpty()) {
      assertThat(messages.remove(messages.size() - 1)).isEqualTo(Message.assistant(answerStart));
    }
    return new Prompt.Chat(messages, answerStart);
  }
}
