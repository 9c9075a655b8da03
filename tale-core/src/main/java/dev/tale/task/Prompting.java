package dev.tale.task;

import dev.tale.model.Prompt;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Everything that makes a prompt of a row's text. */
record Prompting(PromptFormat format, Optional<ChatFormat> chat, Shots shots) {
  static final Prompting STANDARD =
      new Prompting(PromptFormat.standard(), Optional.empty(), Shots.none());

  Prompting withFormat(PromptFormat newFormat) {
    return new Prompting(newFormat, chat, shots);
  }

  Prompting withChat(ChatFormat newChat) {
    return new Prompting(format, Optional.of(newChat), shots);
  }

  Prompting withShots(Shots newShots) {
    return new Prompting(format, chat, newShots);
  }

  /** Makes prompts of the texts of one row, with the shots of that row. */
  Function<String, Prompt> of(RowContent row) {
    List<RowContent> shown = shots.of(row);
    return text ->
        chat.isPresent()
            ? chat.get().prompt(format, shown, text)
            : Prompt.text(format.description() + format.body(shown, RowContent::target, text));
  }

  void addTo(ContentHash hash) {
    format.addTo(hash);
    shots.addTo(hash);
    hash.add(chat.isPresent() ? 1 : 0);
    chat.ifPresent(c -> c.addTo(hash));
  }

  String targetDelimiter() {
    return chat.map(c -> c.targetDelimiter(format)).orElseGet(format::targetDelimiter);
  }
}
