package dev.tale.gain;

import dev.tale.answers.Calibration;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Score;
import dev.tale.evaluate.TaskScore;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.gain.ConfigurationGain.Versus;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.stats.MultipleTests;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Takes the gains along a path apart, for one task. */
public final class GainFinder {
  private final List<LayerMask> path;
  private final List<LayerMask> reported;
  private final LayerMask best;
  private final GainQuestions questions;
  private final RowSet selection;
  private final Optional<RowSet> heldOut;
  private final Optional<Calibration.Fitted> bias;
  private final List<FreeBaseline> free = new ArrayList<>();
  private final Optional<List<TaskScore>> priors;

  private GainFinder(
      List<LayerMask> path,
      List<LayerMask> reported,
      LayerMask best,
      GainQuestions questions,
      RowSet selection,
      Optional<RowSet> heldOut) {
    this.path = path;
    this.reported = reported;
    this.best = best;
    this.questions = questions;
    this.selection = selection;
    this.heldOut = heldOut;
    this.bias =
        selection
            .calibration()
            .flatMap(each -> selection.choosing().map(choices -> each.fit(choices.outcomes())));
    this.priors = rows().priors(questions, List.of(path.get(0), best).stream().distinct().toList());
  }

  /**
   * Analyses the gains of a search. Asks the model for the likelihood of options without their
   * questions under the unpruned model and BEST, and, of generated answers, for that of each valid
   * answer under the unpruned model; everything else is known.
   *
   * @param path the unpruned model, then the accepted configurations, with their selection scores
   * @param heldOutScores scores of the path on held-out rows; empty without such rows
   * @param reported configurations that are compared with the free baselines
   * @param best BEST
   */
  public static GainAnalysis find(
      LayeredModel model,
      WeightedTasks tasks,
      Optional<WeightedTasks> heldOut,
      List<Configuration> path,
      List<Score> heldOutScores,
      List<LayerMask> reported,
      LayerMask best,
      Journal journal,
      Progress progress) {
    GainQuestions questions = new GainQuestions(model, journal, progress);
    List<LayerMask> masks = path.stream().map(Configuration::mask).toList();
    List<TaskGain> gains = new ArrayList<>();
    for (int i = 0; i < tasks.tasks().size(); i++) {
      int task = i;
      String suffix = tasks.tasks().size() == 1 ? "" : " " + tasks.tasks().get(task).name();
      List<TaskScore> scores = path.stream().map(each -> each.score().byTask().get(task)).toList();
      RowSet selection =
          rows(
              "selection" + suffix,
              tasks.tasks().get(task),
              tasks.tasks().get(task).validAnswers(),
              scores,
              Optional.empty(),
              questions);
      Optional<RowSet> rest =
          heldOut.map(
              others ->
                  rows(
                      "held-out" + suffix,
                      others.tasks().get(task),
                      tasks.tasks().get(task).validAnswers(),
                      heldOutScores.stream().map(each -> each.byTask().get(task)).toList(),
                      selection.calibration(),
                      questions));
      gains.add(new GainFinder(masks, reported, best, questions, selection, rest).find());
    }
    return new GainAnalysis(gains, questions.work());
  }

  /** Rows with their choices, and classes of options as the selection rows have them. */
  private static RowSet rows(
      String name,
      Task task,
      List<String> valid,
      List<TaskScore> path,
      Optional<Calibration> known,
      GainQuestions questions) {
    boolean chooses = task.options(0).isPresent();
    Optional<Task> choosing = chooses ? Optional.of(task) : task.choosingAmong(valid);
    Optional<TaskScore> choices =
        chooses
            ? Optional.of(path.get(0))
            : choosing.flatMap(each -> questions.ask(each, name + " among valid answers"));
    Optional<Calibration> calibration =
        choices.isEmpty()
            ? Optional.empty()
            : choosing.flatMap(
                each -> known.isPresent() ? known.get().on(each) : Calibration.of(each));
    return new RowSet(name, task, path, choices, calibration);
  }

  /** The rows that figures are of. */
  private RowSet rows() {
    return heldOut.orElse(selection);
  }

  private TaskGain find() {
    if (selection.calibration().isPresent()) {
      addFree();
    }
    List<ConfigurationGain> gains =
        IntStream.range(0, path.size()).mapToObj(this::configuration).toList();
    List<ConfigurationGain> compared = compare(gains);
    TaskGain gain =
        new TaskGain(selection.task().name(), heldOut.isPresent(), free, compared, List.of());
    return new TaskGain(
        gain.task(),
        gain.isHeldOut(),
        gain.free(),
        gain.path(),
        new GainWarnings(questions.model(), gain, rows(), path, reported, best)
            .all(questions.disagreements()));
  }

  private void addFree() {
    int commonest = selection.calibration().orElseThrow().commonest();
    add(
        FreeBaseline.Kind.MAJORITY,
        selection.majority(commonest),
        heldOut.flatMap(rows -> rows.majority(commonest)));
    if (selection.generates()) {
      add(FreeBaseline.Kind.AMONG_VALID, selection.choosing(), heldOut.flatMap(RowSet::choosing));
    }
    add(
        FreeBaseline.Kind.FITTED_BIAS,
        selection.choosing().flatMap(selection::crossFitted),
        heldOut.flatMap(this::unbiased));
    if (priors.isPresent()) {
      addWithoutPrior();
    }
  }

  private void addWithoutPrior() {
    TaskScore reported = rows().withoutPrior(rows().baseline(), priors.orElseThrow().get(0));
    Optional<TaskScore> chosen =
        heldOut.isEmpty()
            ? Optional.of(reported)
            : selection
                .priors(questions, List.of(path.get(0)))
                .map(found -> selection.withoutPrior(selection.baseline(), found.get(0)));
    add(FreeBaseline.Kind.WITHOUT_PRIOR, chosen, heldOut.map(rows -> reported));
  }

  private void add(
      FreeBaseline.Kind kind, Optional<TaskScore> ofSelection, Optional<TaskScore> ofHeldOut) {
    boolean whole = ofSelection.isPresent() && ofHeldOut.isPresent() == heldOut.isPresent();
    if (whole) {
      free.add(new FreeBaseline(kind, ofSelection.get(), ofHeldOut));
    }
  }

  /** The unpruned model's choices on held-out rows, less the bias of the selection rows. */
  private Optional<TaskScore> unbiased(RowSet rows) {
    if (rows.task().isCalibrated()) {
      return Optional.of(rows.baseline());
    }
    return bias.flatMap(fitted -> rows.choosing().flatMap(each -> rows.unbiased(fitted, each)));
  }

  private ConfigurationGain configuration(int position) {
    RowSet rows = rows();
    LayerMask mask = path.get(position);
    return new ConfigurationGain(
        mask,
        selection.given(position),
        heldOut.map(each -> each.given(position)),
        pruned(position),
        withoutPrior(position),
        position == 0 ? Optional.empty() : Optional.of(parts(rows, rows.path().get(position))),
        List.of());
  }

  /** A configuration with the same correction as the unpruned model gets. */
  private Optional<TaskScore> pruned(int position) {
    Optional<Calibration> calibration = selection.calibration();
    if (selection.generates() || calibration.isEmpty()) {
      return Optional.empty();
    }
    TaskScore chosen = selection.path().get(position);
    if (selection.task().isCalibrated()) {
      return Optional.of(rows().path().get(position));
    }
    return heldOut.isEmpty()
        ? selection.crossFitted(chosen)
        : heldOut
            .get()
            .unbiased(calibration.get().fit(chosen.outcomes()), heldOut.get().path().get(position));
  }

  private Optional<TaskScore> withoutPrior(int position) {
    boolean asked = position == 0 || path.get(position).equals(best);
    return priors
        .filter(found -> asked)
        .map(found -> found.get(position == 0 ? 0 : found.size() - 1))
        .map(prior -> rows().withoutPrior(rows().path().get(position), prior));
  }

  private GainParts parts(RowSet rows, TaskScore pruned) {
    TaskScore repaired = rows.repaired(pruned);
    Optional<TaskScore> unbiased =
        heldOut.isPresent()
            ? unbiased(rows)
            : rows.task().isCalibrated()
                ? Optional.of(rows.baseline())
                : rows.choosing().flatMap(rows::crossFitted);
    return GainParts.of(rows.baseline(), repaired, unbiased.orElse(repaired), pruned);
  }

  private List<ConfigurationGain> compare(List<ConfigurationGain> gains) {
    List<Integer> positions =
        IntStream.range(1, path.size())
            .filter(position -> reported.contains(path.get(position)))
            .boxed()
            .toList();
    List<PairedComparison> comparisons = new ArrayList<>();
    for (int position : positions) {
      for (FreeBaseline each : free) {
        comparisons.add(PairedComparison.of(each.quoted(), rows().path().get(position)));
      }
    }
    double[] adjusted =
        MultipleTests.holm(comparisons.stream().mapToDouble(PairedComparison::pValue).toArray());
    List<ConfigurationGain> compared = new ArrayList<>(gains);
    for (int i = 0; i < positions.size(); i++) {
      List<Versus> versus = new ArrayList<>();
      for (int j = 0; j < free.size(); j++) {
        int at = i * free.size() + j;
        versus.add(new Versus(free.get(j).kind(), comparisons.get(at), adjusted[at]));
      }
      compared.set(positions.get(i), gains.get(positions.get(i)).with(versus));
    }
    return compared;
  }
}
