package dev.tale.task;

import dev.tale.math.PythonWhitespace;
import dev.tale.model.Message;
import dev.tale.model.Prompt;
import java.util.ArrayList;
import java.util.List;

/**
 * How a prompt becomes a conversation, as in lm-evaluation-harness with its chat template on. The
 * {@link PromptFormat} says what the texts are; this says who speaks them. The model's own template
 * renders the conversation.
 *
 * <ul>
 *   <li>The system message is the system text followed by the description, with the few-shot
 *       delimiter between them unless white space is there already. Without both there is none.
 *   <li>Shots and row are one message of the user, put together as without a conversation; or every
 *       shot is a message of the user and the assistant's answer, without delimiters.
 *   <li>A choice to be scored follows the beginning of the assistant's turn without a target
 *       delimiter; after an answer start that does not end in white space, with it.
 * </ul>
 *
 * @param system text of the system message before the description; may be empty
 * @param shotsAsTurns whether every shot is a turn of the conversation
 * @param answerStart how every answer begins, such as {@code The best answer is}; may be empty.
 *     Shots have it too, with a space after it unless white space is there already
 */
public record ChatFormat(String system, boolean shotsAsTurns, String answerStart) {

  /** Returns no system text, shots and row in one message, answers that begin as they like. */
  public static ChatFormat standard() {
    return new ChatFormat("", false, "");
  }

  /** Returns this format with another system text. */
  public ChatFormat withSystem(String newSystem) {
    return new ChatFormat(newSystem, shotsAsTurns, answerStart);
  }

  /** Returns this format with every shot as a turn of the conversation. */
  public ChatFormat withShotsAsTurns() {
    return new ChatFormat(system, true, answerStart);
  }

  /** Returns this format with another beginning of every answer. */
  public ChatFormat withAnswerStart(String newAnswerStart) {
    return new ChatFormat(system, shotsAsTurns, newAnswerStart);
  }

  Prompt prompt(PromptFormat format, List<RowContent> shots, String row) {
    List<Message> messages = new ArrayList<>();
    String instructions = join(system, format.description(), format.fewShotDelimiter());
    if (!instructions.isEmpty()) {
      messages.add(Message.system(instructions));
    }
    messages.addAll(shotsAsTurns ? turns(shots) : List.of());
    messages.add(Message.user(shotsAsTurns ? row : format.body(shots, this::answer, row)));
    return new Prompt.Chat(messages, answerStart);
  }

  private List<Message> turns(List<RowContent> shots) {
    List<Message> turns = new ArrayList<>();
    for (RowContent shot : shots) {
      turns.add(Message.user(shot.prompt()));
      turns.add(Message.assistant(answer(shot)));
    }
    return turns;
  }

  private String answer(RowContent shot) {
    return join(answerStart, shot.target(), " ");
  }

  /** What stands between the beginning of the assistant's turn and a choice to be scored. */
  String targetDelimiter(PromptFormat format) {
    return answerStart.isEmpty() || PythonWhitespace.ends(answerStart)
        ? ""
        : format.targetDelimiter();
  }

  private static String join(String first, String second, String delimiter) {
    boolean apart =
        first.isEmpty()
            || second.isEmpty()
            || PythonWhitespace.ends(first)
            || PythonWhitespace.begins(second);
    return first + (apart ? "" : delimiter) + second;
  }

  void addTo(ContentHash hash) {
    hash.add("chat").add(system).add(shotsAsTurns ? 1 : 0).add(answerStart);
  }
}
