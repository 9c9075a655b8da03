package dev.tale.report;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import dev.tale.math.PythonWhitespace;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** What is to be said against the rows of a task, whatever a model makes of them. */
final class RowWarnings {
  /** Fewer rows tell nothing: the interval of half of 20 is 0.3 to 0.7. */
  private static final int FEWEST = 20;

  private static final String JOINED = "Tokenizers join a space with the word after it, so ";

  private final Task task;
  private final List<String> warnings = new ArrayList<>();

  private RowWarnings(Task task) {
    this.task = task;
  }

  /** Returns a sentence or two for each, that go on after the rows' number and kind. */
  static List<String> of(Task task) {
    RowWarnings rows = new RowWarnings(task);
    rows.few();
    rows.repeated();
    rows.spaces();
    return List.copyOf(rows.warnings);
  }

  private void few() {
    if (task.size() < FEWEST) {
      warnings.add(
          String.format(
              Locale.ROOT, "are fewer than %d, and say little of others: give more rows.", FEWEST));
    }
  }

  private void repeated() {
    Multiset<Example> rows = HashMultiset.create();
    task.examples().forEach(example -> rows.add(example.withId("")));
    int copies = task.size() - rows.elementSet().size();
    int most = rows.entrySet().stream().mapToInt(Multiset.Entry::getCount).max().orElse(0);
    if (copies > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "have %d that repeat an earlier one; one is there %d times. Each counts again, and"
                  + " intervals are narrower than they should be: leave the copies out.",
              copies,
              most));
    }
  }

  private void spaces() {
    long generated = rows(RowWarnings::generatesAfterSpace);
    if (generated > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "have %d whose prompt ends in white space. %sthe prompt ends in a token of its own"
                  + " and the answer begins with one that no space belongs to, both seldom seen:"
                  + " end the prompt before the space.",
              generated,
              JOINED));
    }
    long scored = rows(RowWarnings::scoresAfterTwoSpaces);
    if (scored > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "have %d whose prompt ends in white space, and the choice begins with another. %sthe"
                  + " choice is scored with tokens for two, seldom seen: end the prompt before the"
                  + " space, or have no target delimiter.",
              scored,
              JOINED));
    }
  }

  private long rows(Predicate<Request> wanted) {
    return IntStream.range(0, task.size())
        .filter(row -> task.requests(row).stream().anyMatch(wanted))
        .count();
  }

  private static boolean generatesAfterSpace(Request request) {
    return request instanceof Request.Generation generation
        && generation.prompt() instanceof Prompt.Text text
        && PythonWhitespace.ends(text.text());
  }

  private static boolean scoresAfterTwoSpaces(Request request) {
    return request instanceof Request.LogLikelihood likelihood
        && likelihood.prompt() instanceof Prompt.Text text
        && PythonWhitespace.ends(text.text())
        && PythonWhitespace.begins(likelihood.continuation());
  }
}
