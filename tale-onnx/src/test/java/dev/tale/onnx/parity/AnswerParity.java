package dev.tale.onnx.parity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tale.model.Response;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What extractions and metrics make of given texts, beside the harness: every row of a file
 * answered in many forms, right and wrong, as {@code src/test/python/parity/answers.py} lists them.
 *
 * <p>For {@code minerva_math500} the harness asks a computer algebra system, which Tale does not
 * have: there an answer may be right in the harness alone, never in Tale alone.
 */
final class AnswerParity {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ImmutableMap<String, String> FORMS =
      ImmutableMap.of(
          "gsm8k", "gsm8k",
          "gsm8k_cot_zeroshot", "gsm8k",
          "hendrycks_math500", "math",
          "minerva_math500", "math",
          "bbh_zeroshot_boolean_expressions", "bbh",
          "bbh_cot_zeroshot_boolean_expressions", "bbh");

  private final List<Candidate> candidates;
  private final boolean algebra;

  private AnswerParity(HarnessRun run) {
    this.candidates = candidates(run);
    this.algebra = run.settings().task().equals("minerva_math500");
  }

  /** The runs whose answers are judged so: zero-shot, in the harness itself. */
  static List<HarnessRun> runs() {
    return HarnessRun.all().stream()
        .filter(run -> FORMS.containsKey(run.settings().task()))
        .filter(run -> Objects.requireNonNullElse(run.settings().shots(), 0) == 0)
        .filter(run -> !run.settings().chat() && !run.settings().file().contains("gsmhard"))
        .toList();
  }

  /** What differs, a line for each answer. */
  static ImmutableList<String> differences(HarnessRun run, Path data) throws IOException {
    return new AnswerParity(run).compare(run, ParityTasks.of(run, data));
  }

  private ImmutableList<String> compare(HarnessRun run, Map<String, Task> tasks)
      throws IOException {
    List<String> rows = ParityFiles.results(run + "-answers.jsonl").lines().toList();
    ImmutableList.Builder<String> differences = ImmutableList.builder();
    for (int row = 0; row < rows.size(); row++) {
      Judged harness = JSON.readValue(rows.get(row), Judged.class);
      for (String filter : harness.answers().keySet()) {
        Task task = Objects.requireNonNull(tasks.get(filter));
        differences.addAll(differences(task, row, filter, harness));
      }
    }
    return differences.build();
  }

  private List<String> differences(Task task, int row, String filter, Judged harness) {
    List<Outcome> outcomes =
        candidates.stream().map(candidate -> outcome(task, row, candidate)).toList();
    String verdicts = Objects.requireNonNull(harness.correct().get(filter));
    List<String> differences = new ArrayList<>();
    for (int form = 0; form < candidates.size(); form++) {
      if (differs(outcomes.get(form).correct(), verdicts.charAt(form) == '1')) {
        differences.add("form " + form + ": " + outcomes.get(form));
      }
    }
    List<String> answers = outcomes.stream().map(Outcome::answer).toList();
    if (!Digest.of(answers).equals(harness.answers().get(filter))) {
      differences.add("other answers than " + answers);
    }
    return differences.stream()
        .map(line -> task.rowName(row) + ", " + filter + ", " + line)
        .toList();
  }

  private static Outcome outcome(Task task, int row, Candidate candidate) {
    String text = candidate.answering(reference(task.target(row)));
    return task.outcome(row, List.of(new Response.Generation(text, 1, Response.Stop.STOP_STRING)));
  }

  private boolean differs(boolean right, boolean rightInHarness) {
    return algebra ? right && !rightInHarness : right != rightInHarness;
  }

  /** Of a worked answer of GSM8K the number. */
  private static String reference(String target) {
    return target.replaceFirst("(?s).*#### ", "");
  }

  private static List<Candidate> candidates(HarnessRun run) {
    try {
      return Arrays.asList(
          JSON.treeToValue(
              JSON.readTree(ParityFiles.results("candidates.json"))
                  .get(FORMS.get(run.settings().task())),
              Candidate[].class));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A form of answering.
   *
   * @param text the text around <code>{answer}</code>
   * @param replace what is replaced in the answer, and by what; null for nothing
   */
  private record Candidate(String text, @Nullable List<String> replace) {
    String answering(String reference) {
      String answer =
          replace == null ? reference : reference.replace(replace.get(0), replace.get(1));
      return text.replace("{answer}", answer);
    }
  }

  /**
   * What the harness made of the answers to a row, by filter.
   *
   * @param answers {@link Digest} of all that were extracted
   * @param correct 1 or 0 for each
   */
  private record Judged(Map<String, String> answers, Map<String, String> correct) {}
}
