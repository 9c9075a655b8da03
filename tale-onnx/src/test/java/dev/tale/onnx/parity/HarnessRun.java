package dev.tale.onnx.parity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task of lm-evaluation-harness over one data file, as {@code src/test/python/parity} ran it.
 *
 * @param settings what was run, and what it came to
 * @param rows one for each row of the file, in its order
 */
public record HarnessRun(Settings settings, ImmutableList<Row> rows) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Returns all runs, in the order of their index. */
  public static List<HarnessRun> all() {
    return Arrays.stream(read(ParityFiles.results("index.json"), String[].class))
        .map(HarnessRun::named)
        .toList();
  }

  private static HarnessRun named(String name) {
    List<String> lines = ParityFiles.results(name + ".jsonl").lines().toList();
    return new HarnessRun(
        read(lines.get(0), Settings.class),
        lines.stream()
            .skip(1)
            .map(line -> read(line, Row.class))
            .collect(ImmutableList.toImmutableList()));
  }

  private static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether texts were generated; otherwise choices were scored. */
  public boolean generated() {
    return rows.get(0).text() != null;
  }

  @Override
  public String toString() {
    return settings.name();
  }

  /**
   * What was run, and what it came to.
   *
   * @param name name of the run
   * @param task task of the harness; {@code mmlu} stands for its subjects
   * @param file data file, below the data directory
   * @param shots number of shots; null for those that the task brings
   * @param pool file whose first rows are the shots; null for none
   * @param chat whether the chat template was applied
   * @param turns whether shots are turns of the conversation
   * @param system text of the system message; null for none
   * @param answerStart how every answer of the assistant begins; null for as it likes
   * @param maxNewTokens largest number of generated tokens
   * @param harness version of the harness
   * @param version version of the task
   * @param tasks number of tasks of the harness whose rows these are
   * @param scores by metric where choices are scored, by filter where texts are
   */
  public record Settings(
      String name,
      String task,
      String file,
      @Nullable Integer shots,
      @Nullable String pool,
      boolean chat,
      boolean turns,
      @Nullable String system,
      @Nullable String answerStart,
      int maxNewTokens,
      String harness,
      String version,
      int tasks,
      Map<String, Mean> scores) {}

  /**
   * A mean over rows.
   *
   * @param value the mean
   * @param stderr its standard error
   */
  public record Mean(double value, double stderr) {}

  /**
   * What was asked and answered about one row.
   *
   * @param requests {@link Digest} of all prompts and continuations
   * @param logLikelihoods of the choices
   * @param chosen position of the largest
   * @param text {@link Digest} of the generated text
   * @param answers what each filter took from it, shortened by {@link Digest#shortened}
   * @param correct whether the row counts as right, by metric or filter
   */
  public record Row(
      String requests,
      @Nullable List<Double> logLikelihoods,
      @Nullable Integer chosen,
      @Nullable String text,
      @Nullable Map<String, String> answers,
      Map<String, Boolean> correct) {}
}
