package dev.tale.answers;

import com.google.common.collect.LinkedHashMultiset;
import com.google.common.collect.Multiset;
import com.google.common.collect.Multisets;
import dev.tale.task.Extraction;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The answers of a model to the rows of a task under one mask.
 *
 * @param rows number of rows, at least 1
 * @param counted rows with an answer that counts: scores that are numbers where it chooses, one of
 *     the {@link Task#validAnswers} or, where these are not known, anything that was extracted
 *     where it is generated
 * @param shares answers beside right answers, by option, or the ten commonest generated ones
 * @param mass mean probability of all options of a row together, in [0, 1]; empty where the options
 *     are no continuations of one prompt
 * @param belowTop rows on which all options together have less probability than the most likely
 *     token alone
 * @param greedy rows on which greedy decoding produces an option
 * @param top the commonest most likely token; empty if the model does not tell it
 */
public record AnswersGiven(
    int rows,
    int counted,
    List<Share> shares,
    OptionalDouble mass,
    int belowTop,
    int greedy,
    Optional<Share> top) {

  private static final int COMMONEST = 10;

  /** Copies the shares. */
  public AnswersGiven {
    shares = List.copyOf(shares);
  }

  /**
   * How often something was answered, and how often it is right.
   *
   * @param answer the text, or the option's position
   * @param given rows on which it is the answer
   * @param right rows on which it would be right
   */
  public record Share(String answer, int given, int right) {}

  /** Counts the answers to a task's rows. */
  public static AnswersGiven of(Task task, List<Outcome> outcomes) {
    return OptionClasses.of(task)
        .map(classes -> chosen(classes, outcomes))
        .orElseGet(() -> generated(task, outcomes));
  }

  /** Rows without an answer that counts. */
  public int notCounted() {
    return rows - counted;
  }

  /** The commonest answer. */
  public Share commonest() {
    Share most = shares.get(0);
    for (Share share : shares) {
      most = share.given() > most.given() ? share : most;
    }
    return most;
  }

  private static AnswersGiven chosen(OptionClasses classes, List<Outcome> outcomes) {
    int[] given = new int[classes.names().size()];
    int[] right = new int[given.length];
    Multiset<String> tops = LinkedHashMultiset.create();
    double mass = 0;
    int masses = 0;
    int counted = 0;
    int belowTop = 0;
    int greedy = 0;
    for (int row = 0; row < outcomes.size(); row++) {
      right[classes.gold(row)]++;
      Outcome.Scores options = outcomes.get(row).options();
      if (options == null) {
        continue;
      }
      counted++;
      int answer = classes.options(row).texts().indexOf(outcomes.get(row).answer());
      given[classes.of(row)[answer]]++;
      if (!Double.isNaN(options.mass())) {
        mass += options.mass();
        masses++;
        belowTop += options.isLessThanTop() ? 1 : 0;
        greedy += options.greedy() == Outcome.Scores.NONE ? 0 : 1;
      }
      if (options.top().isKnown()) {
        tops.add(options.top().text());
      }
    }
    List<Share> shares = new ArrayList<>();
    for (int i = 0; i < given.length; i++) {
      shares.add(new Share(classes.names().get(i), given[i], right[i]));
    }
    return new AnswersGiven(
        outcomes.size(),
        counted,
        shares,
        masses == 0 ? OptionalDouble.empty() : OptionalDouble.of(mass / masses),
        belowTop,
        greedy,
        commonest(tops));
  }

  private static Optional<Share> commonest(Multiset<String> tops) {
    return Multisets.copyHighestCountFirst(tops).elementSet().stream()
        .findFirst()
        .map(token -> new Share(token, tops.count(token), 0));
  }

  private static AnswersGiven generated(Task task, List<Outcome> outcomes) {
    Multiset<String> given = LinkedHashMultiset.create();
    Multiset<String> right = LinkedHashMultiset.create();
    List<String> valid = task.validAnswers();
    int counted = 0;
    for (int row = 0; row < outcomes.size(); row++) {
      given.add(outcomes.get(row).answer());
      right.add(task.target(row));
      counted += counts(task, valid, outcomes.get(row).answer()) ? 1 : 0;
    }
    Set<String> names = new LinkedHashSet<>(valid);
    Multisets.copyHighestCountFirst(given).elementSet().stream()
        .limit(COMMONEST)
        .forEach(names::add);
    List<Share> shares =
        names.stream().map(name -> new Share(name, given.count(name), right.count(name))).toList();
    return new AnswersGiven(
        outcomes.size(), counted, shares, OptionalDouble.empty(), 0, 0, Optional.empty());
  }

  /** The rows with an answer that counts, by row. */
  public static boolean[] counted(Task task, List<Outcome> outcomes) {
    boolean chooses = task.options(0).isPresent();
    List<String> valid = task.validAnswers();
    boolean[] counted = new boolean[outcomes.size()];
    for (int row = 0; row < counted.length; row++) {
      Outcome outcome = outcomes.get(row);
      counted[row] = chooses ? outcome.options() != null : counts(task, valid, outcome.answer());
    }
    return counted;
  }

  private static boolean counts(Task task, List<String> valid, String answer) {
    boolean any =
        !answer.isBlank() && !answer.equals(Extraction.INVALID) && !Objects.equals(answer, "NaN");
    return any && (valid.isEmpty() || valid.stream().anyMatch(each -> task.agrees(answer, each)));
  }
}
