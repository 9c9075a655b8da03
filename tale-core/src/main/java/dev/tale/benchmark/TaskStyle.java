package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.task.ChatFormat;
import dev.tale.task.Decoding;
import dev.tale.task.Extraction;
import dev.tale.task.Metric;
import dev.tale.task.PromptFormat;
import dev.tale.task.Task;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** How the examples of a task are asked and scored; extraction and decoding for generated text. */
record TaskStyle(
    String targetDelimiter,
    String shotDelimiter,
    Metric metric,
    Extraction extraction,
    Optional<Decoding> decoding,
    Optional<ChatFormat> chat) {
  private static final List<String> CHAT = List.of("system", "shots_as_turns", "answer_start");

  static TaskStyle of(Section section, boolean generates) throws DataFormatException {
    if (!generates) {
      section.refuse("in multiple choice", "extraction", "stops", "max_new_tokens");
    }
    return new TaskStyle(
        section.text("target_delimiter", " "),
        section.text("shot_delimiter", "\n\n"),
        generates ? Scoring.answerMetric(section) : Scoring.choiceMetric(section),
        generates ? Scoring.extraction(section) : Extraction.asIs(),
        generates ? Optional.of(decoding(section)) : Optional.empty(),
        section.has("chat") ? Optional.of(chat(section.require("chat"))) : Optional.empty());
  }

  private static Decoding decoding(Section section) throws DataFormatException {
    List<String> stops = section.texts("stops");
    if (stops.contains("")) {
      throw section.require("stops").refused("a stop string is empty, and would stop at once");
    }
    return new Decoding(stops, (int) section.number("max_new_tokens", 256, 1, 1_000_000));
  }

  private static ChatFormat chat(Setting setting) throws DataFormatException {
    Section section = Section.of("chat", setting, CHAT);
    return new ChatFormat(
        section.text("system", ""),
        section.flag("shots_as_turns"),
        section.text("answer_start", ""));
  }

  /** A task of rows that have one description before them. */
  Task task(String name, String description, List<RowForm.Asked> rows) {
    PromptFormat format = new PromptFormat(description, targetDelimiter, shotDelimiter);
    Task task =
        decoding.isPresent()
            ? Task.generation(name, rows, RowForm.Asked::example, decoding.get())
                .withExtraction(extraction)
            : Task.multipleChoice(name, rows, RowForm.Asked::example);
    Task formed = task.withMetric(metric).withPromptFormat(format);
    Function<ChatFormat, Task> inChat = formed::withChat;
    return chat.map(inChat).orElse(formed);
  }
}
