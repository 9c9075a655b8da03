package dev.tale.benchmark;

import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Published benchmarks as tasks, asked and scored as lm-evaluation-harness 0.4.13 does, and tasks
 * of the user's own from a {@linkplain #fromFile description}.
 *
 * <p>Every method takes the data file in the form in which it was published (JSON, JSON Lines or
 * CSV) or in which Hugging Face has it (JSON Lines or Parquet), and tells which by the fields; or a
 * directory of such files, read in the order of their names. Every row becomes a row of the task,
 * in the file's order, named by file and line; or nothing does. The {@linkplain Task#dataSplit
 * split} is told from the names of the files ({@code train}, {@code dev}, {@code val}, {@code
 * validation}, {@code test}) where the benchmark has several.
 *
 * <p>Prompts are zero-shot unless a method says otherwise. {@link Task#withMetric} gives another of
 * the metrics, {@link Task#withShots} other shots.
 *
 * <p>Every method throws {@link dev.tale.model.DataFormatException}, which names the file and the
 * line, if a row is not of the benchmark, has no label, or cannot be scored; and {@link
 * IOException} if a file cannot be read.
 */
public final class Tasks {
  private Tasks() {}

  /**
   * Returns a task of the user's own: the description names its data file.
   *
   * @param description YAML ({@code .yaml}, {@code .yml}) or JSON ({@code .json}), with the keys
   *     that the package documentation lists
   */
  public static Task fromFile(Path description) throws IOException {
    Description read = DescriptionFile.read(description);
    if (read.data().isEmpty()) {
      throw read.place()
          .refused(
              "the description lacks data; name the file with the rows there,"
                  + " or give it to Tasks.fromFile");
    }
    return TaskSource.of(read).task(read.data().get());
  }

  /**
   * Returns a task of the user's own.
   *
   * @param description YAML ({@code .yaml}, {@code .yml}) or JSON ({@code .json}), with the keys
   *     that the package documentation lists
   * @param data file with the rows, in place of the one that the description may name
   */
  public static Task fromFile(Path description, Path data) throws IOException {
    return TaskSource.of(DescriptionFile.read(description)).task(data);
  }

  /**
   * Returns the built-in task that a data file belongs to, told by the fields of its first row and,
   * where several have the same, by the file's name.
   */
  public static RecognizedTask recognize(Path data) throws IOException {
    return RecognizedTask.of(data);
  }

  /**
   * Returns ARC-Easy: the question, scored by the log-likelihood of each answer's text; {@code
   * acc}. {@code acc_norm} is the other usual metric.
   *
   * @param rows AI2's {@code ARC-Easy-Test.jsonl} or {@code allenai/ai2_arc}
   */
  public static Task arcEasy(Path rows) throws IOException {
    return task("arc_easy", rows);
  }

  /**
   * Returns ARC-Challenge, asked as {@link #arcEasy}; {@code acc}. {@code acc_norm} is the other
   * usual metric.
   *
   * @param rows AI2's {@code ARC-Challenge-Test.jsonl} or {@code allenai/ai2_arc}
   */
  public static Task arcChallenge(Path rows) throws IOException {
    return task("arc_challenge", rows);
  }

  /**
   * Returns BoolQ: passage and question, scored by the log-likelihood of "no" and "yes"; {@code
   * acc}. The passage begins with its title where the file has it: Google's release and SuperGLUE's
   * do, Hugging Face's {@code google/boolq} does not.
   *
   * @param rows Google's {@code dev.jsonl}, SuperGLUE's {@code val.jsonl} or {@code google/boolq}
   */
  public static Task boolq(Path rows) throws IOException {
    return task("boolq", rows);
  }

  /**
   * Returns CommonsenseQA: the question and its five answers, scored by the log-likelihood of their
   * letters; {@code acc}.
   *
   * @param rows the release's {@code dev_rand_split.jsonl} or {@code tau/commonsense_qa}
   */
  public static Task commonsenseQa(Path rows) throws IOException {
    return task("commonsense_qa", rows);
  }

  /**
   * Returns WinoGrande by partial evaluation: the log-likelihood of the rest of the sentence after
   * the blank, filled with either option; {@code acc}.
   *
   * @param rows the release's {@code dev.jsonl} or {@code allenai/winogrande}
   */
  public static Task winogrande(Path rows) throws IOException {
    return task("winogrande", rows);
  }

  /**
   * Returns HellaSwag: the context, cleaned of its marks, scored by the log-likelihood of each
   * ending; {@code acc}. {@code acc_norm} is the other usual metric.
   *
   * @param rows the release's {@code hellaswag_val.jsonl} or {@code Rowan/hellaswag}
   */
  public static Task hellaswag(Path rows) throws IOException {
    return task("hellaswag", rows);
  }

  /**
   * Returns MMLU, all subjects of the file: the question and its four answers after a line that
   * names the subject, scored by the log-likelihood of their letters; {@code acc}. Every row counts
   * alike.
   *
   * @param rows {@code cais/mmlu}, or the release's CSV files, whose names give the subjects
   *     ({@code abstract_algebra_test.csv}): one of them or their directory
   */
  public static Task mmlu(Path rows) throws IOException {
    return task("mmlu", rows);
  }

  /**
   * Returns {@link #mmlu(Path)} with the first rows of each subject's development split as shots.
   *
   * @param dev the development split, in any form that {@code rows} may have
   * @param shots number of shots, usually 5
   */
  public static Task mmlu(Path rows, Path dev, int shots) throws IOException {
    return TaskSource.builtIn("mmlu").withShots(shots, dev).task(rows);
  }

  /** Returns {@link #mmlu(Path)}, only the subjects of a group. */
  public static Task mmlu(Path rows, MmluGroup group) throws IOException {
    return group(group).task(rows);
  }

  /** Returns {@link #mmlu(Path, Path, int)}, only the subjects of a group. */
  public static Task mmlu(Path rows, MmluGroup group, Path dev, int shots) throws IOException {
    return group(group).withShots(shots, dev).task(rows);
  }

  /**
   * Returns {@link #mmlu(Path)}, only one subject.
   *
   * @param subject its name in the data, for example {@code abstract_algebra}
   * @throws IllegalArgumentException if MMLU has no such subject
   */
  public static Task mmlu(Path rows, String subject) throws IOException {
    return subject(subject).task(rows);
  }

  /**
   * Returns {@link #mmlu(Path, Path, int)}, only one subject.
   *
   * @param subject its name in the data, for example {@code abstract_algebra}
   * @throws IllegalArgumentException if MMLU has no such subject
   */
  public static Task mmlu(Path rows, String subject, Path dev, int shots) throws IOException {
    return subject(subject).withShots(shots, dev).task(rows);
  }

  /**
   * Returns BIG-Bench-Hard's boolean expressions, generated: the first "True" or "False" of the
   * text counts; {@code exact_match}. The harness's {@code bbh_zeroshot}, filter {@code
   * flexible-extract}.
   *
   * @param rows the release's {@code boolean_expressions.json}, or its rows as JSON Lines or
   *     Parquet
   */
  public static Task booleanExpressions(Path rows) throws IOException {
    return task("bbh_boolean_expressions", rows);
  }

  /**
   * Returns boolean expressions after the three solved ones of BIG-Bench-Hard, generated: the whole
   * text counts, not trimmed; {@code exact_match}. The harness's {@code bbh_fewshot}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task booleanExpressionsFewShot(Path rows) throws IOException {
    return task("bbh_boolean_expressions_fewshot", rows);
  }

  /**
   * Returns boolean expressions, reasoned step by step: the last "True" or "False" of the text
   * counts; {@code exact_match}. The harness's {@code bbh_cot_zeroshot}, filter {@code
   * flexible-extract}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task booleanExpressionsCot(Path rows) throws IOException {
    return task("bbh_boolean_expressions_cot", rows);
  }

  /**
   * Returns boolean expressions, reasoned step by step after three examples of it: what follows
   * "the answer is" counts, without its last character; {@code exact_match}. The shape of the
   * harness's {@code bbh_cot_fewshot}, its three expressions and answers; how they are worked out
   * is in words of our own.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task booleanExpressionsCotFewShot(Path rows) throws IOException {
    return task("bbh_boolean_expressions_cot_fewshot", rows);
  }

  /**
   * Returns {@link #booleanExpressionsCotFewShot(Path)} with the examples of another file: to be
   * the harness's {@code bbh_cot_fewshot}, with the fields {@code input} and {@code target} as it
   * has them.
   *
   * @param rows as in {@link #booleanExpressions}
   * @param examples JSON or JSON Lines; all of them are shown, in order
   */
  public static Task booleanExpressionsCotFewShot(Path rows, Path examples) throws IOException {
    return TaskSource.builtIn("bbh_boolean_expressions_cot_fewshot").withAll(examples).task(rows);
  }

  /**
   * Returns boolean expressions after three solved ones, scored by the log-likelihood of "False"
   * and "True"; {@code acc_norm}. The harness's {@code leaderboard_bbh}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task booleanExpressionsChoice(Path rows) throws IOException {
    return task("bbh_boolean_expressions_choice", rows);
  }

  /**
   * Returns BIG-Bench-Hard's date understanding, generated: the first letter in brackets counts;
   * {@code exact_match}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task dateUnderstanding(Path rows) throws IOException {
    return task("bbh_date_understanding", rows);
  }

  /**
   * Returns BIG-Bench-Hard's navigate, generated: the first "Yes" or "No" counts; {@code
   * exact_match}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task navigate(Path rows) throws IOException {
    return task("bbh_navigate", rows);
  }

  /**
   * Returns BIG-Bench-Hard's object counting, generated: the first number in digits counts; {@code
   * exact_match}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task objectCounting(Path rows) throws IOException {
    return task("bbh_object_counting", rows);
  }

  /**
   * Returns BIG-Bench-Hard's web of lies, generated: the first "Yes" or "No" counts; {@code
   * exact_match}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task webOfLies(Path rows) throws IOException {
    return task("bbh_web_of_lies", rows);
  }

  /**
   * Returns BIG-Bench-Hard's word sorting, generated: the whole text counts, trimmed; {@code
   * exact_match}.
   *
   * @param rows as in {@link #booleanExpressions}
   */
  public static Task wordSorting(Path rows) throws IOException {
    return task("bbh_word_sorting", rows);
  }

  /**
   * Returns GSM8K, generated: the last number of the text counts; {@code exact_match}, filter
   * {@code flexible-extract}. Without shots few models answer in the form that is asked.
   *
   * @param rows OpenAI's {@code test.jsonl} or {@code openai/gsm8k}
   */
  public static Task gsm8k(Path rows) throws IOException {
    return task("gsm8k", rows);
  }

  /**
   * Returns {@link #gsm8k(Path)} after 5 worked examples, drawn for each row with seed 1234.
   *
   * @param train file to draw them from, in the form of {@code rows}
   */
  public static Task gsm8k(Path rows, Path train) throws IOException {
    return TaskSource.builtIn("gsm8k").withShots(train).task(rows);
  }

  /**
   * Returns {@link #gsm8k(Path, Path)} where only the number after {@code ####} counts, as the
   * examples show it: filter {@code strict-match}.
   *
   * @param train file to draw the examples from, in the form of {@code rows}
   */
  public static Task gsm8kStrict(Path rows, Path train) throws IOException {
    return TaskSource.builtIn("gsm8k_strict").withShots(train).task(rows);
  }

  /**
   * Returns GSM8K, reasoned step by step without examples: the last number of the text counts;
   * {@code exact_match}. The harness's {@code gsm8k_cot_zeroshot}, filter {@code flexible-extract}.
   *
   * @param rows as in {@link #gsm8k(Path)}
   */
  public static Task gsm8kCot(Path rows) throws IOException {
    return task("gsm8k_cot_zeroshot", rows);
  }

  /**
   * Returns GSM-Hard, generated as {@link #gsm8k(Path)}: the last number of the text counts, by its
   * value; {@code numeric}. The harness has no such task.
   *
   * @param rows PAL's {@code gsmhardv2.jsonl} or {@code reasoning-machines/gsm-hard}
   */
  public static Task gsmHard(Path rows) throws IOException {
    return task("gsm_hard", rows);
  }

  /**
   * Returns {@link #gsmHard(Path)} after 5 worked examples, drawn for each row with seed 1234.
   *
   * @param gsm8k file of GSM8K to draw them from
   */
  public static Task gsmHard(Path rows, Path gsm8k) throws IOException {
    return TaskSource.builtIn("gsm_hard").withShots(gsm8k).task(rows);
  }

  /**
   * Returns MATH-500, generated: what stands between the first and the last dollar sign of the text
   * counts, or all of it; equality after Hendrycks' normalisation. The harness's {@code
   * hendrycks_math500}.
   *
   * @param rows OpenAI's {@code test.jsonl} or {@code HuggingFaceH4/MATH-500}
   */
  public static Task math500(Path rows) throws IOException {
    return task("math500", rows);
  }

  /**
   * Returns MATH-500, generated without examples: what follows "Final Answer: The final answer is"
   * counts; equality after Minerva's normalisation.
   *
   * @param rows as in {@link #math500}
   */
  public static Task math500Minerva(Path rows) throws IOException {
    return task("math500_minerva", rows);
  }

  /**
   * Returns {@link #math500Minerva(Path)} after worked examples. With the harness's four, this is
   * its {@code minerva_math500}.
   *
   * @param rows as in {@link #math500}
   * @param examples JSON or JSON Lines with the fields {@code problem} and {@code solution}, which
   *     ends in "Final Answer: The final answer is $...$. I hope it is correct."; all are shown, in
   *     order
   */
  public static Task math500Minerva(Path rows, Path examples) throws IOException {
    return TaskSource.builtIn("math500_minerva").withAll(examples).task(rows);
  }

  private static Task task(String name, Path rows) throws IOException {
    return TaskSource.builtIn(name).task(rows);
  }

  private static TaskSource group(MmluGroup group) {
    String name = "mmlu_" + group.name().toLowerCase(Locale.ROOT);
    return TaskSource.builtIn("mmlu").only(name, "subject", group.subjects());
  }

  private static TaskSource subject(String subject) {
    List<String> subjects =
        Arrays.stream(MmluGroup.values()).flatMap(group -> group.subjects().stream()).toList();
    if (!subjects.contains(subject)) {
      throw new IllegalArgumentException(
          "MMLU has no subject \""
              + subject
              + "\"; did you mean "
              + Nearest.to(subject, subjects)
              + "?");
    }
    return TaskSource.builtIn("mmlu").only("mmlu_" + subject, "subject", Set.of(subject));
  }
}
