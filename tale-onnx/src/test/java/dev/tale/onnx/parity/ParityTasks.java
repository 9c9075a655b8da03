package dev.tale.onnx.parity;

import com.google.common.collect.ImmutableMap;
import dev.tale.benchmark.Benchmark;
import dev.tale.onnx.parity.HarnessRun.Settings;
import dev.tale.task.ChatFormat;
import dev.tale.task.Extraction;
import dev.tale.task.Metric;
import dev.tale.task.Shots;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The built-in task that is to be what the harness ran. */
final class ParityTasks {
  private static final ImmutableMap<String, Metric> METRICS =
      ImmutableMap.of(
          "acc", Metric.acc(), "acc_norm", Metric.accNorm(), "acc_bytes", Metric.accBytes());

  /** Filters beside the one that the built-in task has. */
  private static final ImmutableMap<String, Extraction> STRICT =
      ImmutableMap.of(
          "gsm8k", Extraction.firstMatch("#### (\\-?[0-9\\.\\,]+)"),
          "gsm8k_cot_zeroshot", Extraction.firstMatch("The answer is (\\-?[0-9\\.\\,]+)."),
          "bbh_cot_zeroshot_boolean_expressions",
              Extraction.firstMatch(
                  "((?<=The answer is )(.*)(?=.)|(?<=the answer is )(.*)(?=.)"
                      + "|(?<=The answer: )(.*)(?=.)|(?<=The final answer: )(.*)(?=.))"));

  private final Settings settings;
  private final Path data;

  private ParityTasks(Settings settings, Path data) {
    this.settings = settings;
    this.data = data;
  }

  /** The task by every metric or filter of the run that Tale has too. */
  static Map<String, Task> of(HarnessRun run, Path data) throws IOException {
    ParityTasks tasks = new ParityTasks(run.settings(), data);
    Task task = tasks.shown();
    ImmutableMap.Builder<String, Task> forms = ImmutableMap.builder();
    for (String name : run.settings().scores().keySet()) {
      Task form = run.generated() ? tasks.filtered(task, name) : task.withMetric(metric(name));
      if (form != null) {
        forms.put(name, form);
      }
    }
    return forms.buildOrThrow();
  }

  private static Metric metric(String name) {
    return Objects.requireNonNull(METRICS.get(name), name);
  }

  /** Null for filters of the harness's own for one task. */
  private @Nullable Task filtered(Task task, String filter) {
    Task limited = task.withMaxNewTokens(settings.maxNewTokens());
    return switch (filter) {
      case "strict-match" -> limited.withExtraction(strict());
      case "flexible-extract" -> ownFilter() ? null : limited;
      default -> limited;
    };
  }

  private Extraction strict() {
    return Objects.requireNonNullElse(STRICT.get(settings.task()), Extraction.asIs());
  }

  private boolean ownFilter() {
    return switch (settings.task()) {
      case "bbh_zeroshot_date_understanding",
          "bbh_zeroshot_object_counting",
          "bbh_zeroshot_web_of_lies",
          "bbh_zeroshot_word_sorting" ->
          true;
      default -> false;
    };
  }

  private Task shown() throws IOException {
    Task task = withShots();
    return settings.chat() ? task.withChat(chat()) : task;
  }

  private ChatFormat chat() {
    ChatFormat chat =
        ChatFormat.standard()
            .withSystem(Objects.requireNonNullElse(settings.system(), ""))
            .withAnswerStart(Objects.requireNonNullElse(settings.answerStart(), ""));
    return settings.turns() ? chat.withShotsAsTurns() : chat;
  }

  private Task withShots() throws IOException {
    Path file = data.resolve(settings.file());
    if (settings.pool() == null) {
      return task(file);
    }
    Path pool = data.resolve(settings.pool());
    int shots = Objects.requireNonNull(settings.shots());
    return settings.task().equals("mmlu")
        ? Benchmark.MMLU.shots(shots, pool).task(file)
        : task(file).withShots(Shots.first(shots, task(pool).examples()));
  }

  private Task task(Path file) throws IOException {
    return switch (settings.task()) {
      case "arc_easy" -> Benchmark.ARC_EASY.task(file);
      case "arc_challenge" -> Benchmark.ARC_CHALLENGE.task(file);
      case "boolq" -> Benchmark.BOOLQ.task(file);
      case "commonsense_qa" -> Benchmark.COMMONSENSE_QA.task(file);
      case "winogrande" -> Benchmark.WINOGRANDE.task(file);
      case "hellaswag" -> Benchmark.HELLASWAG.task(file);
      case "mmlu" -> Benchmark.MMLU.task(file);
      case "leaderboard_bbh_boolean_expressions" -> Benchmark.BOOLEAN_EXPRESSIONS_CHOICE.task(file);
      case "bbh_zeroshot_boolean_expressions" -> Benchmark.BOOLEAN_EXPRESSIONS.task(file);
      case "bbh_fewshot_boolean_expressions" -> Benchmark.BOOLEAN_EXPRESSIONS_FEW_SHOT.task(file);
      case "bbh_cot_zeroshot_boolean_expressions" -> Benchmark.BOOLEAN_EXPRESSIONS_COT.task(file);
      case "bbh_cot_fewshot_boolean_expressions" ->
          Benchmark.BOOLEAN_EXPRESSIONS_COT_FEW_SHOT.task(file);
      case "bbh_zeroshot_date_understanding" -> Benchmark.DATE_UNDERSTANDING.task(file);
      case "bbh_zeroshot_navigate" -> Benchmark.NAVIGATE.task(file);
      case "bbh_zeroshot_object_counting" -> Benchmark.OBJECT_COUNTING.task(file);
      case "bbh_zeroshot_web_of_lies" -> Benchmark.WEB_OF_LIES.task(file);
      case "bbh_zeroshot_word_sorting" -> Benchmark.WORD_SORTING.task(file);
      case "gsm8k_cot_zeroshot" -> Benchmark.GSM8K_COT.task(file);
      case "gsm8k" ->
          isGsmHard(file)
              ? Benchmark.GSM_HARD.task(file).withMetric(gsm8k())
              : Benchmark.GSM8K.task(file);
      case "hendrycks_math500" -> Benchmark.MATH500.task(file);
      case "minerva_math500" -> Benchmark.MATH500_MINERVA.task(file);
      default -> throw new IllegalArgumentException("No built-in task is " + settings.task());
    };
  }

  /** GSM-Hard is not in the harness: there its rows are asked and scored as those of GSM8K. */
  private static boolean isGsmHard(Path file) {
    return file.getFileName().toString().startsWith("gsmhard");
  }

  private static Metric gsm8k() {
    return Metric.exactMatch()
        .ignoringCase()
        .ignoring(",")
        .ignoring("\\$")
        .ignoring("(?s).*#### ")
        .ignoring("\\.$");
  }
}
