package dev.tale.benchmark;

import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The benchmarks of the TALE paper (arXiv 2510.22767) as it asks them: a conversation of a system
 * and a user message, rendered by the model's own chat template, without shots; the model writes a
 * short answer.
 *
 * <p>The user's message has the paper's shape; the system's is in words of our own. Scoring is the
 * paper's with what is wrong in it mended:
 *
 * <ul>
 *   <li>choices are shown and answered by letter whatever the row's own labels are; the paper's
 *       code compares some letters with labels that are numbers, and never takes E;
 *   <li>numbers are compared by value; the paper's code cuts them to integers;
 *   <li>MATH-500 compares what is in {@code \boxed{}} after Hendrycks' normalisation; the paper's
 *       code knows integers alone, which 189 of the 500 answers are not.
 * </ul>
 *
 * <p>Files, rows, errors and splits are those of {@link Tasks}; {@code exact_match} is the metric
 * unless a method says otherwise.
 */
public final class ChatTasks {
  private ChatTasks() {}

  /**
   * Returns ARC-Easy, answered by a letter in one token.
   *
   * @param rows as in {@link Tasks#arcEasy}
   */
  public static Task arcEasy(Path rows) throws IOException {
    return task("arc_easy", rows);
  }

  /**
   * Returns ARC-Challenge, answered by a letter in one token.
   *
   * @param rows as in {@link Tasks#arcChallenge}
   */
  public static Task arcChallenge(Path rows) throws IOException {
    return task("arc_challenge", rows);
  }

  /**
   * Returns BoolQ, answered by a letter in one token: A is true, B is false.
   *
   * @param rows as in {@link Tasks#boolq}; the paper's, {@code google/boolq}, has no titles
   */
  public static Task boolq(Path rows) throws IOException {
    return task("boolq", rows);
  }

  /**
   * Returns CommonsenseQA, answered by a letter in one token.
   *
   * @param rows as in {@link Tasks#commonsenseQa}
   */
  public static Task commonsenseQa(Path rows) throws IOException {
    return task("commonsense_qa", rows);
  }

  /**
   * Returns MMLU, all subjects of the file, answered by a letter in one token.
   *
   * @param rows as in {@link Tasks#mmlu(Path)}
   */
  public static Task mmlu(Path rows) throws IOException {
    return task("mmlu", rows);
  }

  /**
   * Returns {@link #mmlu(Path)}, only the subjects of a group.
   *
   * @param rows as in {@link Tasks#mmlu(Path)}
   */
  public static Task mmlu(Path rows, MmluGroup group) throws IOException {
    String name = "mmlu_" + group.name().toLowerCase(Locale.ROOT) + "_chat";
    return TaskSource.builtIn("chat/mmlu").only(name, "subject", group.subjects()).task(rows);
  }

  /**
   * Returns WinoGrande, answered by the number of the option in one token.
   *
   * @param rows as in {@link Tasks#winogrande}
   */
  public static Task winogrande(Path rows) throws IOException {
    return task("winogrande", rows);
  }

  /**
   * Returns boolean expressions, answered within 5 tokens: the first "true" or "false" counts.
   *
   * @param rows as in {@link Tasks#booleanExpressions}
   */
  public static Task booleanExpressions(Path rows) throws IOException {
    return task("bbh_boolean_expressions", rows);
  }

  /**
   * Returns GSM8K, worked out within 200 tokens: the last number counts; {@code numeric}.
   *
   * @param rows as in {@link Tasks#gsm8k(Path)}
   */
  public static Task gsm8k(Path rows) throws IOException {
    return task("gsm8k", rows);
  }

  /**
   * Returns GSM-Hard, worked out within 200 tokens: the last number counts; {@code numeric}.
   *
   * @param rows as in {@link Tasks#gsmHard(Path)}
   */
  public static Task gsmHard(Path rows) throws IOException {
    return task("gsm_hard", rows);
  }

  /**
   * Returns MATH-500, worked out within 200 tokens: what is in the last {@code \boxed{}} counts;
   * equality after Hendrycks' normalisation.
   *
   * @param rows as in {@link Tasks#math500}
   */
  public static Task math500(Path rows) throws IOException {
    return task("math500", rows);
  }

  private static Task task(String name, Path rows) throws IOException {
    return TaskSource.builtIn("chat/" + name).task(rows);
  }
}
