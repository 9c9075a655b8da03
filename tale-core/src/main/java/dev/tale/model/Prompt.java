package dev.tale.model;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/** What a model reads before its answer: plain text, or a conversation. */
public sealed interface Prompt extends Serializable {

  /** Returns a plain text. */
  static Prompt text(String text) {
    return new Text(text);
  }

  /**
   * Returns a conversation that the model answers from the beginning of its turn.
   *
   * @throws IllegalArgumentException if the last message is not the user's, or there is none
   */
  static Prompt chat(List<Message> messages) {
    return new Chat(messages, "");
  }

  /**
   * A plain text, read as it is.
   *
   * @param text the text; may be empty where a request allows it
   */
  record Text(String text) implements Prompt {

    /**
     * Checks the text.
     *
     * @throws NullPointerException if it is null
     */
    public Text {
      Objects.requireNonNull(text, "The text of the prompt is null; give a text");
    }
  }

  /**
   * A conversation, rendered by the model's own chat template up to where the assistant's turn
   * begins. A model without a chat template, or with one that refuses these messages, refuses the
   * request.
   *
   * @param messages at least one, the last from the user
   * @param answerStart how the answer begins; may be empty. The template writes it as a turn of the
   *     assistant that is not finished, as lm-evaluation-harness has it, so white space around it
   *     is the template's. It belongs to the prompt: it is neither scored nor part of what is
   *     generated
   */
  record Chat(List<Message> messages, String answerStart) implements Prompt {

    /**
     * Copies the messages and checks them.
     *
     * @throws NullPointerException if something is null; the message names it
     * @throws IllegalArgumentException if the last message is not the user's, or there is none
     */
    public Chat {
      Objects.requireNonNull(messages, "The list of messages is null; give at least one");
      messages.forEach(each -> Objects.requireNonNull(each, "A message is null; give messages"));
      Objects.requireNonNull(answerStart, "The start of the answer is null; it may be empty");
      messages = List.copyOf(messages);
      if (messages.isEmpty() || !messages.get(messages.size() - 1).isUser()) {
        throw new IllegalArgumentException(
            "The messages are " + messages + "; end with one of role user, which is answered");
      }
    }
  }
}
