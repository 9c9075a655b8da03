package dev.tale.task;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.text.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Rows with known answers, how they are asked and how the answers are scored. Made from the user's
 * own objects; immutable; safe to share between threads if the user's own functions are. Every
 * {@code with} method returns another task and leaves this one as it is.
 *
 * <p>Everything is checked when the task is made, before anything slow runs; messages name the row.
 * Nothing depends on the default locale.
 */
public final class Task {
  private final String name;
  private final List<Row> rows;
  private final Form form;
  private final List<Prompting> parts;
  private final DataSplit dataSplit;

  private Task(String name, List<Row> rows, Form form, List<Prompting> parts, DataSplit dataSplit) {
    this.name = name;
    this.rows = rows;
    this.form = form;
    this.parts = parts;
    this.dataSplit = dataSplit;
  }

  /**
   * Returns a zero-shot task in which the model chooses by log-likelihood, scored by {@link
   * Metric#acc}.
   *
   * @param name a name for people and reports
   * @param rows the user's objects, at least one, in the order in which they are scored
   * @param toExample makes an {@link Example#multipleChoice} or {@link Example#multipleContexts} of
   *     an object
   * @throws IllegalArgumentException if there are no rows, two rows have the same identifier, or a
   *     row has fewer than 2 choices, an empty one, a gold that is none of them, or one whose text
   *     occurs twice
   */
  public static <R> Task multipleChoice(
      String name, List<? extends R> rows, Function<? super R, Example> toExample) {
    Form form = new ChoiceForm((ChoiceMetric) Metric.acc());
    return of(name, Row.all(name, rows, toExample), form);
  }

  /**
   * Returns a zero-shot task in which the model generates text; the text is {@linkplain
   * Extraction#trimmed trimmed} and scored by {@link Metric#exactMatch}.
   *
   * @param name a name for people and reports
   * @param rows the user's objects, at least one, in the order in which they are scored
   * @param toExample makes an {@link Example#generation} of an object
   * @param decoding when a generation ends
   * @throws IllegalArgumentException if there are no rows, two rows have the same identifier, or a
   *     row has an empty prompt or reference
   */
  public static <R> Task generation(
      String name,
      List<? extends R> rows,
      Function<? super R, Example> toExample,
      Decoding decoding) {
    Form form = new GenerationForm(decoding, Extraction.trimmed(), Metric.exactMatch());
    return of(name, Row.all(name, rows, toExample), form);
  }

  /**
   * Returns a task for encoders, in which the model chooses by meaning: the choice whose embedding
   * has the largest cosine with that of the prompt, the first on a tie. Classification is a text as
   * prompt and the descriptions of its classes as choices; retrieval and paraphrase are a question
   * and what might answer it.
   *
   * <p>Prompt and choice are embedded each by itself, so a {@link PromptFormat} counts with its
   * description alone, put before the prompt: {@code "query: "}, for example.
   *
   * @param name a name for people and reports
   * @param rows the user's objects, at least one, in the order in which they are scored
   * @param toExample makes an {@link Example#multipleChoice} of an object
   * @throws IllegalArgumentException if there are no rows, two rows have the same identifier, or a
   *     row has fewer than 2 choices, an empty one, a gold that is none of them, or one whose text
   *     occurs twice
   */
  public static <R> Task similarity(
      String name, List<? extends R> rows, Function<? super R, Example> toExample) {
    return of(name, Row.all(name, rows, toExample), new SimilarityForm());
  }

  private static Task of(String name, List<Row> rows, Form form) {
    NameCheck.check("The task", name);
    Row.check(name, rows, form);
    return new Task(name, rows, form, List.of(Prompting.STANDARD), DataSplit.UNSPECIFIED);
  }

  /**
   * Returns one task of the rows of several, in their order, each asked as in its own task: with
   * its prompt format, conversation and shots. The subjects of MMLU are one, so that each row of
   * all counts alike.
   *
   * <p>Rows are from {@link DataSplit#TEST} if those of any task are; otherwise from the split that
   * all tasks name alike, if they do.
   *
   * @param name a name for people and reports
   * @param tasks at least one
   * @throws IllegalArgumentException if there are no tasks, they differ in kind, metric, extraction
   *     or decoding, or two rows have the same identifier
   */
  public static Task concat(String name, List<Task> tasks) {
    NameCheck.check("The task", name);
    if (tasks.isEmpty()) {
      throw new IllegalArgumentException("Task " + name + " is of no tasks; give at least 1");
    }
    Form form = tasks.get(0).form;
    List<Row> rows = new ArrayList<>();
    List<Prompting> parts = new ArrayList<>();
    for (Task task : tasks) {
      form.checkSame(name, tasks.get(0).name, task.form, task.name);
      task.rows.forEach(row -> rows.add(row.inPart(parts.size() + row.part())));
      parts.addAll(task.parts);
    }
    Row.check(name, rows, form);
    return new Task(name, List.copyOf(rows), form, List.copyOf(parts), dataSplit(tasks));
  }

  private static DataSplit dataSplit(List<Task> tasks) {
    Set<DataSplit> splits = tasks.stream().map(Task::dataSplit).collect(Collectors.toSet());
    if (splits.contains(DataSplit.TEST)) {
      return DataSplit.TEST;
    }
    return splits.size() == 1 ? tasks.get(0).dataSplit : DataSplit.UNSPECIFIED;
  }

  /**
   * Returns this task scored by another metric.
   *
   * @throws IllegalArgumentException if the metric is for another kind of task
   */
  public Task withMetric(Metric metric) {
    return withForm(form.withMetric(metric));
  }

  /**
   * Returns this task with answers taken from the generated text in another way.
   *
   * @throws IllegalArgumentException if the task generates no text
   */
  public Task withExtraction(Extraction extraction) {
    return withForm(form.withExtraction(extraction));
  }

  /**
   * Returns this task with generations that end in another way.
   *
   * @throws IllegalArgumentException if the task generates no text
   */
  public Task withDecoding(Decoding decoding) {
    return withForm(form.withDecoding(old -> decoding));
  }

  /**
   * Returns this task with another largest number of generated tokens, and the same stop strings.
   *
   * @param tokens at least 1
   * @throws IllegalArgumentException if the task generates no text, or the number is less than 1
   */
  public Task withMaxNewTokens(int tokens) {
    return withForm(form.withDecoding(old -> old.withMaxNewTokens(tokens)));
  }

  private Task withForm(Form newForm) {
    return new Task(name, rows, newForm, parts, dataSplit);
  }

  /** Returns this task with prompts put together in another way. */
  public Task withPromptFormat(PromptFormat newFormat) {
    return withParts(part -> part.withFormat(newFormat));
  }

  /**
   * Returns this task asked in a conversation, rendered by the model's own chat template.
   *
   * @throws IllegalArgumentException if the task is one of similarity
   */
  public Task withChat(ChatFormat chat) {
    form.checkChat(name);
    return withParts(part -> part.withChat(chat));
  }

  /**
   * Returns this task with other shots before every row.
   *
   * @throws IllegalArgumentException if the pool has examples of another kind of task, or none
   *     besides a row itself, or the task is one of similarity
   */
  public Task withShots(Shots newShots) {
    Row.checkShots(name, rows, form, newShots);
    return withParts(part -> part.withShots(newShots));
  }

  private Task withParts(UnaryOperator<Prompting> change) {
    return new Task(name, rows, form, parts.stream().map(change).toList(), dataSplit);
  }

  /** Returns this task with its rows known to be from another part of their data set. */
  public Task withDataSplit(DataSplit newDataSplit) {
    return new Task(name, rows, form, parts, newDataSplit);
  }

  private Task withRows(List<Row> newRows) {
    return new Task(name, newRows, form, parts, dataSplit);
  }

  /**
   * Returns a part of this task: the rows [from, to) with their names and their shots. Its {@link
   * #contentHash} is another one.
   *
   * @throws IndexOutOfBoundsException if the range is not within [0, size)
   * @throws IllegalArgumentException if the range is empty
   */
  public Task slice(int from, int to) {
    Objects.checkFromToIndex(from, to, rows.size());
    if (from == to) {
      throw new IllegalArgumentException(
          "Slice [" + from + ", " + to + ") of task " + name + " is empty; take at least one row");
    }
    return withRows(rows.subList(from, to));
  }

  /**
   * Returns this task in two parts, one to choose layers by and one to report on. Rows keep their
   * order, names and shots, so that a pool of the task's own rows shows some of either part to the
   * other; each part has at least one row.
   *
   * <p>Rows are shared out label by label, where the label is the position of the right choice or
   * the first reference: every label has its share on either side, to within one row. Rows that are
   * equal but for their names stay together on one side; where there are any, shares are as close
   * as that allows. Which side a row is on depends on the seed and on what the rows are, not on
   * their order.
   *
   * @param seed another seed shares out otherwise
   * @param heldOutFraction what part of the rows to hold out, between 0 and 1 and neither; rounded
   *     to a number of rows, at least 1 and not all
   * @throws IllegalArgumentException if the fraction is not between 0 and 1, or the task has no two
   *     different rows
   */
  public TaskSplit split(long seed, double heldOutFraction) {
    List<RowContent> contents = rows.stream().map(Row::content).toList();
    Set<Integer> heldOut = new StratifiedSplit(name, seed).heldOut(contents, heldOutFraction);
    return new TaskSplit(select(row -> !heldOut.contains(row)), select(heldOut::contains));
  }

  /**
   * Returns this task without the rows whose {@link #label} is rare, of which a probe cannot learn.
   * The others keep their order, names and shots.
   *
   * @param rows how many rows a label needs to stay, at least 1
   * @throws IllegalArgumentException if {@code rows} is less than 1, or no label has so many
   */
  public Task withFrequentLabels(int rows) {
    if (rows < 1) {
      throw new IllegalArgumentException("A label needs " + rows + " rows; give at least 1");
    }
    Multiset<String> labels = HashMultiset.create();
    this.rows.forEach(row -> labels.add(row.content().label()));
    Task frequent = select(row -> labels.count(label(row)) >= rows);
    if (frequent.rows.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              "No label of task %s has %d rows: %d rows have %d labels; give more rows, or take"
                  + " what needs no labels if answers are free text",
              name, rows, size(), labels.elementSet().size()));
    }
    return frequent;
  }

  private Task select(IntPredicate wanted) {
    return withRows(IntStream.range(0, rows.size()).filter(wanted).mapToObj(rows::get).toList());
  }

  /** Returns the name for people and reports. */
  public String name() {
    return name;
  }

  /** Returns the number of rows, at least 1. */
  public int size() {
    return rows.size();
  }

  /**
   * Returns the rows as examples with their names as identifiers, such as another task shows as its
   * shots.
   */
  public List<Example> examples() {
    return rows.stream().map(row -> Example.of(row.name(), row.content())).toList();
  }

  /** Returns which part of their data set the rows are from. */
  public DataSplit dataSplit() {
    return dataSplit;
  }

  /** Returns the name of the metric, for example {@code acc_norm}. */
  public String metric() {
    return form.metric().name();
  }

  /**
   * The name of a row in messages: the user's identifier, or its position in the task that was made
   * first, for example {@code row 17}.
   *
   * @throws IndexOutOfBoundsException if {@code row} is outside [0, size)
   */
  public String rowName(int row) {
    return row(row).name();
  }

  /**
   * Returns the right answer of a row as a shot shows it: the gold choice or the first reference.
   *
   * @throws IndexOutOfBoundsException if {@code row} is outside [0, size)
   */
  public String target(int row) {
    return content(row).target();
  }

  /**
   * The options of a row.
   *
   * @param texts of the options, by position
   * @param gold 0-based position of the right one
   */
  public record RowOptions(List<String> texts, int gold) {
    /** Copies the texts. */
    public RowOptions {
      texts = List.copyOf(texts);
    }
  }

  /**
   * The options of a row; empty if its answer is generated.
   *
   * @throws IndexOutOfBoundsException if {@code row} is outside [0, size)
   */
  public Optional<RowOptions> options(int row) {
    return content(row) instanceof Options options
        ? Optional.of(new RowOptions(options.options(), options.gold()))
        : Optional.empty();
  }

  /**
   * The answers of a task that generates text, where they are few: the distinct first references,
   * if there are at most {@value AskedOtherwise#MOST} and at least twice as many rows. An answer
   * that is none of them is no answer to any row. Empty for other tasks, and where references
   * differ by row.
   */
  public List<String> validAnswers() {
    return AskedOtherwise.validAnswers(rows);
  }

  /** Whether a generated answer is right where a reference is, by the task's metric. */
  public boolean agrees(String answer, String reference) {
    return form.agrees(answer, reference);
  }

  /**
   * The same rows asked as multiple choice among some answers, by log-likelihood: the knowledge of
   * a model that does not answer in the form asked for. Empty for tasks that choose anyway, and if
   * a row has none of these answers as its right one.
   *
   * @param valid answers, such as the {@link #validAnswers} of this task or of other rows of it
   */
  public Optional<Task> choosingAmong(List<String> valid) {
    return AskedOtherwise.choices(rows, valid, form::agrees)
        .map(choices -> new Task(name, choices, ChoiceForm.ACC, parts, dataSplit));
  }

  /**
   * The same choices without their questions: their likelihoods by themselves. The question is
   * replaced by the last line of the prompts, such as {@code Answer:}, if they all end alike, or
   * else by a line feed (surface-form competition, Holtzman et al. 2021, arXiv 2104.08315). Empty
   * for tasks without choices by log-likelihood.
   */
  public Optional<Task> withoutQuestions() {
    return form instanceof ChoiceForm
        ? AskedOtherwise.withoutQuestions(rows).map(this::withRows)
        : Optional.empty();
  }

  /**
   * Returns this task with a bias for each option fitted anew under each mask: accuracy is what the
   * model's scores are worth when it prefers no option for the option's own sake, so that removing
   * layers wins nothing by shifting that. Rows are scored by a bias fitted on other rows; see
   * {@link dev.tale.task package documentation}.
   *
   * @throws IllegalArgumentException if the task is not multiple choice by log-likelihood
   */
  public Task calibrated() {
    return withForm(form.calibrated(name));
  }

  /** Whether a bias for each option is fitted under each mask, see {@link #calibrated}. */
  public boolean isCalibrated() {
    return form.isCalibrated();
  }

  /**
   * The requests about a row: one request per choice or context in their order, or one generation.
   *
   * @throws IndexOutOfBoundsException if {@code row} is outside [0, size)
   */
  public List<Request> requests(int row) {
    return form.requests(parts.get(row(row).part()), content(row));
  }

  /**
   * The group of a row where rows are grouped by their right answers: the position of the right
   * option, for example {@code option 2}, or the first reference.
   *
   * @throws IndexOutOfBoundsException if {@code row} is outside [0, size)
   */
  public String label(int row) {
    return content(row).label();
  }

  /**
   * Returns the question how likely a model finds the right answer of a row: the gold choice, the
   * continuation after the right context, or the first reference, after the delimiter with which a
   * shot shows it. Negated, the answer is the row's loss in nats.
   *
   * @throws IndexOutOfBoundsException if {@code row} is outside [0, size)
   */
  public Request.LogLikelihood goldLikelihood(int row) {
    Prompting part = parts.get(row(row).part());
    return content(row).goldLikelihood(part.of(content(row)), part.targetDelimiter());
  }

  /**
   * The outcome of the responses to {@link #requests}. A response that is not a number makes the
   * row wrong, with the answer {@code NaN}.
   *
   * @param responses one for each request of the row, in their order
   * @throws IndexOutOfBoundsException if {@code row} is outside [0, size)
   * @throws IllegalArgumentException if the responses do not fit the requests, or a regular
   *     expression is too much work on the answer
   * @throws IllegalStateException if a function of the user's own fails with an Error
   */
  public Outcome outcome(int row, List<Response> responses) {
    try {
      return form.outcome(content(row), responses);
    } catch (ExpressionException e) {
      throw new IllegalArgumentException(row(row).path(name) + ": " + e.getMessage(), e);
    } catch (Error e) {
      throw new IllegalStateException(
          row(row).path(name) + ": a function of the task failed with " + e + "; mend it", e);
    }
  }

  /**
   * Returns the SHA-256, in hexadecimal, of everything that determines requests and outcomes: the
   * name, every row with its name, prompt, choices and gold or references, the prompt format, the
   * conversation, the shots with their pool and seed, decoding, extraction and metric; and of the
   * data split, where it is specified. A function of the user's own counts by the name it was
   * given.
   *
   * <p>Every text goes in with its length and every list with its size, so that no two different
   * tasks have the same encoding. Every call reads all of it.
   */
  public String contentHash() {
    ContentHash hash = new ContentHash().add("dev.tale.task 1").add(name);
    form.addTo(hash);
    parts.get(0).format().addTo(hash);
    parts.get(0).shots().addTo(hash);
    hash.add(rows.size());
    rows.forEach(row -> row.addTo(hash));
    // What came later follows, where there is any, so that earlier tasks keep their hashes.
    parts.get(0).chat().ifPresent(chat -> chat.addTo(hash));
    addFurtherPartsTo(hash);
    if (dataSplit != DataSplit.UNSPECIFIED) {
      hash.add("data split").add(dataSplit.name());
    }
    return hash.hex();
  }

  private void addFurtherPartsTo(ContentHash hash) {
    if (parts.size() > 1) {
      hash.add("parts").add(parts.size());
      parts.subList(1, parts.size()).forEach(part -> part.addTo(hash));
      rows.forEach(row -> hash.add(row.part()));
    }
  }

  private Row row(int row) {
    if (row < 0 || row >= rows.size()) {
      throw new IndexOutOfBoundsException(
          "Task " + name + " has no row " + row + "; its rows are 0 to " + (rows.size() - 1));
    }
    return rows.get(row);
  }

  private RowContent content(int row) {
    return row(row).content();
  }

  @Override
  public String toString() {
    return name
        + " ("
        + rows.size()
        + " rows, "
        + metric()
        + ", shots: "
        + parts.get(0).shots()
        + ")";
  }
}
