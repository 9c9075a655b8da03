package dev.tale.onnx.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Suppliers;
import com.google.common.hash.Hasher;
import dev.tale.model.Message;
import dev.tale.onnx.jinja.Template;
import dev.tale.onnx.jinja.value.TemplateException;
import dev.tale.onnx.jinja.value.Whitespace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A model's own way to write a conversation as text, rendered as {@code apply_chat_template} of
 * Hugging Face transformers renders it without tools, ready for an answer. Immutable; safe to share
 * between threads.
 *
 * <p>Implementation note: transformers gives a template the clock of the machine, so the prompts of
 * some models, and with them every accuracy, change from day to day. Here the date is a setting.
 */
public final class ChatTemplate {
  /**
   * The date that templates are told unless another is set: the one that the templates of LLaMA 3.1
   * to 3.3 fall back on where there is no clock.
   */
  public static final LocalDate DEFAULT_DATE = LocalDate.of(2024, 7, 26);

  /** Stands where the answer is to go on; the space shows whether the template trims. */
  private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG ";

  private final ChatTemplateFiles.Found found;
  private final LocalDate date;
  private final Supplier<Template> template;

  private ChatTemplate(ChatTemplateFiles.Found found, LocalDate date) {
    this.found = found;
    this.date = date;
    this.template = Suppliers.memoize(() -> Template.parse(found.source()));
  }

  /**
   * Finds the template of a model: {@code chat_template.jinja}, or else {@code chat_template} in
   * {@code tokenizer_config.json}, of several the one called {@code default}.
   *
   * @param directory where the tokenizer is; of a directory called {@code onnx} that has no
   *     template the one above
   * @param date what the template is told for today
   * @return empty if there is none
   * @throws dev.tale.model.ModelFormatException if a file is malformed
   * @throws IOException if a file cannot be read
   */
  public static Optional<ChatTemplate> find(Path directory, LocalDate date) throws IOException {
    return ChatTemplateFiles.find(directory).map(found -> new ChatTemplate(found, date));
  }

  /**
   * Returns a conversation as text, up to where the answer is to go on.
   *
   * @param answerStart how the answer begins. If empty, the text ends with the template's prompt
   *     for an answer; if not, with an unfinished turn of the assistant that holds this beginning,
   *     as with {@code continue_final_message} of transformers, which lm-evaluation-harness uses:
   *     what the template puts in front of an assistant's words, and whether it trims them, counts
   * @throws UnencodableTextException if the template refuses the conversation, or has a construct
   *     that is not supported
   */
  public String render(List<Message> messages, String answerStart) {
    return answerStart.isEmpty() ? rendered(messages, true) : unfinished(messages, answerStart);
  }

  private String unfinished(List<Message> messages, String answerStart) {
    List<Message> all = new ArrayList<>(messages);
    all.add(Message.assistant(answerStart + MARK));
    String text = rendered(all, false);
    int end = text.lastIndexOf(MARK.strip());
    if (end < 0 || !text.contains(Whitespace.SPACE.trimFrom(answerStart))) {
      throw refused("it does not write how the assistant's answer begins, \"" + answerStart + '"');
    }
    String kept = text.substring(0, end);
    return text.startsWith(MARK, end) ? kept : Whitespace.SPACE.trimTrailingFrom(kept);
  }

  private String rendered(List<Message> messages, boolean promptForAnswer) {
    Map<String, Object> variables = new HashMap<>(found.tokens());
    variables.put("messages", values(messages));
    variables.put("add_generation_prompt", promptForAnswer);
    variables.put("tools", Template.NONE);
    variables.put("documents", Template.NONE);
    try {
      return template.get().render(variables, date.atStartOfDay());
    } catch (TemplateException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private UnencodableTextException refused(String why) {
    return new UnencodableTextException(
        "the chat template in "
            + found.file()
            + " does not render the conversation: "
            + why
            + "; change the messages or the template, or ask with text");
  }

  private static List<Object> values(List<Message> messages) {
    List<Object> values = new ArrayList<>();
    for (Message message : messages) {
      Map<String, Object> value = new LinkedHashMap<>();
      value.put("role", message.role());
      value.put("content", message.content());
      values.add(value);
    }
    return values;
  }

  /** Adds everything that the rendered text depends on, besides the conversation. */
  public void hashInto(Hasher hasher) {
    hasher.putString(found.source(), UTF_8);
    found.tokens().forEach((name, token) -> hasher.putString(name + '\0' + token + '\0', UTF_8));
    hasher.putString(date.toString(), UTF_8);
  }
}
