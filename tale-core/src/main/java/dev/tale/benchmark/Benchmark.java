package dev.tale.benchmark;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A published benchmark, asked and scored as lm-evaluation-harness 0.4.13 does, or {@linkplain
 * #chat as the TALE paper does}. Immutable.
 *
 * <p>{@link #task} takes the data file in the form in which it was published (JSON, JSON Lines or
 * CSV) or in which Hugging Face has it (JSON Lines or Parquet), and tells which by the fields; or a
 * directory of such files, read in the order of their names. Every row becomes a row of the task,
 * in the file's order, named by file and line; or nothing does. The {@linkplain Task#dataSplit
 * split} is told from the names of the files ({@code train}, {@code dev}, {@code val}, {@code
 * validation}, {@code test}) where the benchmark has several.
 *
 * <p>Prompts are zero-shot unless a benchmark says otherwise or is given {@linkplain #shots(Path)
 * shots}. {@link Task#withMetric} gives another of the metrics, {@link Task#withShots} other shots.
 */
public final class Benchmark {
  /**
   * ARC-Easy: the question, scored by the log-likelihood of each answer's text; {@code acc}. {@code
   * acc_norm} is the other usual metric. Rows: AI2's {@code ARC-Easy-Test.jsonl} or {@code
   * allenai/ai2_arc}. In a conversation, answered by a letter in one token.
   */
  public static final Benchmark ARC_EASY = new Benchmark("arc_easy");

  /**
   * ARC-Challenge, asked as {@link #ARC_EASY}; {@code acc}. Rows: AI2's {@code
   * ARC-Challenge-Test.jsonl} or {@code allenai/ai2_arc}.
   */
  public static final Benchmark ARC_CHALLENGE = new Benchmark("arc_challenge");

  /**
   * BoolQ: passage and question, scored by the log-likelihood of "no" and "yes"; {@code acc}. The
   * passage begins with its title where the file has it: Google's release and SuperGLUE's do,
   * Hugging Face's {@code google/boolq}, which the paper used, does not. Rows: Google's {@code
   * dev.jsonl}, SuperGLUE's {@code val.jsonl} or {@code google/boolq}. In a conversation, answered
   * by a letter in one token: A is true, B is false.
   */
  public static final Benchmark BOOLQ = new Benchmark("boolq");

  /**
   * CommonsenseQA: the question and its five answers, scored by the log-likelihood of their
   * letters; {@code acc}. Rows: the release's {@code dev_rand_split.jsonl} or {@code
   * tau/commonsense_qa}. In a conversation, answered by a letter in one token.
   */
  public static final Benchmark COMMONSENSE_QA = new Benchmark("commonsense_qa");

  /**
   * WinoGrande by partial evaluation: the log-likelihood of the rest of the sentence after the
   * blank, filled with either option; {@code acc}. Rows: the release's {@code dev.jsonl} or {@code
   * allenai/winogrande}. In a conversation, answered by the number of the option in one token.
   */
  public static final Benchmark WINOGRANDE = new Benchmark("winogrande");

  /**
   * HellaSwag: the context, cleaned of its marks, scored by the log-likelihood of each ending;
   * {@code acc}. {@code acc_norm} is the other usual metric. Rows: the release's {@code
   * hellaswag_val.jsonl} or {@code Rowan/hellaswag}.
   */
  public static final Benchmark HELLASWAG = new Benchmark("hellaswag");

  /**
   * MMLU, all subjects of the file unless told otherwise by {@link #group} or {@link #subject}: the
   * question and its four answers after a line that names the subject, scored by the log-likelihood
   * of their letters; {@code acc}. Every row counts alike. Rows: {@code cais/mmlu}, or the
   * release's CSV files, whose names give the subjects ({@code abstract_algebra_test.csv}): one of
   * them or their directory. {@linkplain #shots(int, Path) Shots} are the first rows of each
   * subject's development split, usually 5. In a conversation, answered by a letter in one token.
   */
  public static final Benchmark MMLU = new Benchmark("mmlu");

  /**
   * BIG-Bench-Hard's boolean expressions, generated: the first "True" or "False" of the text
   * counts; {@code exact_match}. The harness's {@code bbh_zeroshot}, filter {@code
   * flexible-extract}. Rows: the release's {@code boolean_expressions.json}, or its rows as JSON
   * Lines or Parquet. In a conversation, answered within 5 tokens: the first "true" or "false"
   * counts.
   */
  public static final Benchmark BOOLEAN_EXPRESSIONS = new Benchmark("bbh_boolean_expressions");

  /**
   * {@link #BOOLEAN_EXPRESSIONS} after the three solved ones of BIG-Bench-Hard, generated: the
   * whole text counts, not trimmed; {@code exact_match}. The harness's {@code bbh_fewshot}.
   */
  public static final Benchmark BOOLEAN_EXPRESSIONS_FEW_SHOT =
      new Benchmark("bbh_boolean_expressions_fewshot");

  /**
   * {@link #BOOLEAN_EXPRESSIONS}, reasoned step by step: the last "True" or "False" of the text
   * counts; {@code exact_match}. The harness's {@code bbh_cot_zeroshot}, filter {@code
   * flexible-extract}.
   */
  public static final Benchmark BOOLEAN_EXPRESSIONS_COT =
      new Benchmark("bbh_boolean_expressions_cot");

  /**
   * {@link #BOOLEAN_EXPRESSIONS}, reasoned step by step after three examples of it: what follows
   * "the answer is" counts, without its last character; {@code exact_match}. The shape of the
   * harness's {@code bbh_cot_fewshot}, its three expressions and answers; how they are worked out
   * is in words of our own. With the harness's {@linkplain #examples examples}, fields {@code
   * input} and {@code target}, it is that.
   */
  public static final Benchmark BOOLEAN_EXPRESSIONS_COT_FEW_SHOT =
      new Benchmark("bbh_boolean_expressions_cot_fewshot");

  /**
   * {@link #BOOLEAN_EXPRESSIONS} after three solved ones, scored by the log-likelihood of "False"
   * and "True"; {@code acc_norm}. The harness's {@code leaderboard_bbh}.
   */
  public static final Benchmark BOOLEAN_EXPRESSIONS_CHOICE =
      new Benchmark("bbh_boolean_expressions_choice");

  /**
   * BIG-Bench-Hard's date understanding, generated: the first letter in brackets counts; {@code
   * exact_match}. Rows as of {@link #BOOLEAN_EXPRESSIONS}.
   */
  public static final Benchmark DATE_UNDERSTANDING = new Benchmark("bbh_date_understanding");

  /** BIG-Bench-Hard's navigate, generated: the first "Yes" or "No" counts; {@code exact_match}. */
  public static final Benchmark NAVIGATE = new Benchmark("bbh_navigate");

  /**
   * BIG-Bench-Hard's object counting, generated: the first number in digits counts; {@code
   * exact_match}.
   */
  public static final Benchmark OBJECT_COUNTING = new Benchmark("bbh_object_counting");

  /**
   * BIG-Bench-Hard's web of lies, generated: the first "Yes" or "No" counts; {@code exact_match}.
   */
  public static final Benchmark WEB_OF_LIES = new Benchmark("bbh_web_of_lies");

  /**
   * BIG-Bench-Hard's word sorting, generated: the whole text counts, trimmed; {@code exact_match}.
   */
  public static final Benchmark WORD_SORTING = new Benchmark("bbh_word_sorting");

  /**
   * GSM8K, generated: the last number of the text counts; {@code exact_match}, filter {@code
   * flexible-extract}. Without shots few models answer in the form that is asked; {@linkplain
   * #shots(Path) shots} are 5 worked examples of the training file, drawn for each row with seed
   * 1234. Rows: OpenAI's {@code test.jsonl} or {@code openai/gsm8k}. In a conversation, worked out
   * within 200 tokens: the last number counts; {@code numeric}.
   */
  public static final Benchmark GSM8K = new Benchmark("gsm8k");

  /**
   * {@link #GSM8K} where only the number after {@code ####} counts, as {@linkplain #shots(Path)
   * shots} show it: filter {@code strict-match}.
   */
  public static final Benchmark GSM8K_STRICT = new Benchmark("gsm8k_strict");

  /**
   * {@link #GSM8K}, reasoned step by step without examples: the last number of the text counts;
   * {@code exact_match}. The harness's {@code gsm8k_cot_zeroshot}, filter {@code flexible-extract}.
   */
  public static final Benchmark GSM8K_COT = new Benchmark("gsm8k_cot_zeroshot");

  /**
   * GSM-Hard, generated as {@link #GSM8K}: the last number of the text counts, by its value; {@code
   * numeric}. The harness has no such task. Rows: PAL's {@code gsmhardv2.jsonl} or {@code
   * reasoning-machines/gsm-hard}; shots are drawn from a file of GSM8K.
   */
  public static final Benchmark GSM_HARD = new Benchmark("gsm_hard");

  /**
   * MATH-500, generated: what stands between the first and the last dollar sign of the text counts,
   * or all of it; equality after Hendrycks' normalisation. The harness's {@code hendrycks_math500}.
   * Rows: OpenAI's {@code test.jsonl} or {@code HuggingFaceH4/MATH-500}. In a conversation, worked
   * out within 200 tokens: what is in the last {@code \boxed{}} counts.
   */
  public static final Benchmark MATH500 = new Benchmark("math500");

  /**
   * {@link #MATH500}, generated without examples: what follows "Final Answer: The final answer is"
   * counts; equality after Minerva's normalisation. With the harness's four {@linkplain #examples
   * examples}, fields {@code problem} and {@code solution}, it is its {@code minerva_math500}; a
   * solution ends in "Final Answer: The final answer is $...$. I hope it is correct."
   */
  public static final Benchmark MATH500_MINERVA = new Benchmark("math500_minerva");

  private static final ImmutableList<Benchmark> ALL =
      ImmutableList.of(
          ARC_EASY,
          ARC_CHALLENGE,
          BOOLQ,
          COMMONSENSE_QA,
          WINOGRANDE,
          HELLASWAG,
          MMLU,
          BOOLEAN_EXPRESSIONS,
          BOOLEAN_EXPRESSIONS_FEW_SHOT,
          BOOLEAN_EXPRESSIONS_COT,
          BOOLEAN_EXPRESSIONS_COT_FEW_SHOT,
          BOOLEAN_EXPRESSIONS_CHOICE,
          DATE_UNDERSTANDING,
          NAVIGATE,
          OBJECT_COUNTING,
          WEB_OF_LIES,
          WORD_SORTING,
          GSM8K,
          GSM8K_STRICT,
          GSM8K_COT,
          GSM_HARD,
          MATH500,
          MATH500_MINERVA);

  private static final ImmutableSet<String> IN_CONVERSATION =
      ImmutableSet.of(
          "arc_easy",
          "arc_challenge",
          "boolq",
          "commonsense_qa",
          "mmlu",
          "winogrande",
          "bbh_boolean_expressions",
          "gsm8k",
          "gsm_hard",
          "math500");

  private final String id;
  private final boolean chat;
  private final @Nullable Subjects subjects;
  private final Shown shown;

  private Benchmark(String id) {
    this(id, /* chat= */ false, null, source -> source);
  }

  private Benchmark(String id, boolean chat, @Nullable Subjects subjects, Shown shown) {
    this.id = id;
    this.chat = chat;
    this.subjects = subjects;
    this.shown = shown;
  }

  /**
   * The benchmark of a name, such as {@code arc_easy}.
   *
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public static Benchmark named(String name) {
    return ALL.stream()
        .filter(benchmark -> benchmark.id.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no benchmark \"" + name + "\"; these are: " + ALL));
  }

  /**
   * This benchmark as the TALE paper (arXiv 2510.22767) asks it: a conversation of a system and a
   * user message, rendered by the model's own chat template, without shots; the model writes a
   * short answer; {@code exact_match} unless said otherwise.
   *
   * <p>The user's message has the paper's shape; the system's is in words of our own. Scoring is
   * the paper's with what is wrong in it mended:
   *
   * <ul>
   *   <li>choices are shown and answered by letter whatever the row's own labels are; the paper's
   *       code compares some letters with labels that are numbers, and never takes E;
   *   <li>numbers are compared by value; the paper's code cuts them to integers;
   *   <li>MATH-500 compares what is in {@code \boxed{}} after Hendrycks' normalisation; the paper's
   *       code knows integers alone, which 189 of the 500 answers are not.
   * </ul>
   *
   * @throws IllegalArgumentException if the paper does not ask this benchmark, or it was given
   *     shots
   */
  public Benchmark chat() {
    if (!IN_CONVERSATION.contains(id)) {
      throw new IllegalArgumentException(
          id
              + " is not asked in a conversation; these are: "
              + String.join(", ", IN_CONVERSATION)
              + ". Describe a task of your own with the key chat, see Tasks.fromFile");
    }
    return new Benchmark(id, /* chat= */ true, subjects, shown);
  }

  /** This benchmark after as many shots as it usually has, from a file in the form of the rows. */
  public Benchmark shots(Path pool) {
    return showing(source -> source.withShots(pool));
  }

  /**
   * This benchmark after shots.
   *
   * @param count number of shots, at least 1
   * @param pool file to take them from, in any form that the rows may have
   */
  public Benchmark shots(int count, Path pool) {
    return showing(source -> source.withShots(count, pool));
  }

  /**
   * This benchmark after examples of one's own.
   *
   * @param file JSON or JSON Lines; all of its rows are shown, in order
   */
  public Benchmark examples(Path file) {
    return showing(source -> source.withAll(file));
  }

  private Benchmark showing(Shown newShown) {
    if (chat) {
      throw new IllegalArgumentException(
          id + " is asked without shots in a conversation; ask it without chat()");
    }
    return new Benchmark(id, /* chat= */ false, subjects, newShown);
  }

  /**
   * Only the subjects of a group of {@link #MMLU}.
   *
   * @throws IllegalArgumentException if this is not MMLU
   */
  public Benchmark group(MmluGroup group) {
    return only(group.name().toLowerCase(Locale.ROOT), group.subjects());
  }

  /**
   * Only one subject of {@link #MMLU}.
   *
   * @param subject its name in the data, for example {@code abstract_algebra}
   * @throws IllegalArgumentException if this is not MMLU, or it has no such subject
   */
  public Benchmark subject(String subject) {
    List<String> all =
        Arrays.stream(MmluGroup.values()).flatMap(group -> group.subjects().stream()).toList();
    if (!all.contains(subject)) {
      throw new IllegalArgumentException(
          "MMLU has no subject \""
              + subject
              + "\"; did you mean "
              + Nearest.to(subject, all)
              + "?");
    }
    return only(subject, Set.of(subject));
  }

  private Benchmark only(String name, Set<String> values) {
    if (!id.equals("mmlu")) {
      throw new IllegalArgumentException(id + " has no subjects; ask Benchmark.MMLU");
    }
    return new Benchmark(id, chat, new Subjects(name, values), shown);
  }

  /**
   * The task over a data file.
   *
   * @param rows the file, or a directory of files
   * @throws dev.tale.model.DataFormatException if a row is not of the benchmark, has no label, or
   *     cannot be scored; it names the file and the line
   * @throws IOException if a file cannot be read
   */
  public Task task(Path rows) throws IOException {
    TaskSource source = TaskSource.builtIn(chat ? "chat/" + id : id);
    if (subjects != null) {
      String name = id + "_" + subjects.name() + (chat ? "_chat" : "");
      source = source.only(name, "subject", subjects.values());
    }
    return shown.before(source).task(rows);
  }

  /** The benchmark's name in the harness, such as {@code arc_easy}. */
  @Override
  public String toString() {
    return id;
  }

  /**
   * Some subjects of MMLU.
   *
   * @param name of all of them
   */
  private record Subjects(String name, Set<String> values) {}

  /** Puts shots before what is asked. */
  @FunctionalInterface
  private interface Shown {
    TaskSource before(TaskSource source) throws IOException;
  }
}
