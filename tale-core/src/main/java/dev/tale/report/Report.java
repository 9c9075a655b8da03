package dev.tale.report;

import static java.util.stream.Collectors.joining;

import com.google.common.base.Suppliers;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.Score;
import dev.tale.gain.GainAnalysis;
import dev.tale.journal.Work;
import dev.tale.model.LayerMask;
import dev.tale.policy.BudgetNotMetException;
import dev.tale.policy.TradeOff;
import dev.tale.policy.Verdict;
import dev.tale.search.Trajectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The result of a search. It holds no times, so that the same run gives the same report, byte for
 * byte, whatever interrupted it. Immutable; equal if all that it was made of is.
 */
public final class Report {
  private final Parts parts;
  private final Supplier<List<Configuration>> path = Suppliers.memoize(this::configurations);
  private final Supplier<Map<LayerMask, Evidence>> evidence =
      Suppliers.memoize(() -> Judgement.of(this));

  private record Parts(
      Provenance provenance,
      Trajectory trajectory,
      List<Score> heldOut,
      List<GuardScores> guards,
      int evaluations,
      Work selectionWork,
      Work heldOutWork,
      GainAnalysis gains) {}

  /**
   * Makes a report.
   *
   * @param provenance where the result comes from
   * @param trajectory everything that the search saw
   * @param heldOut scores on the held-out rows along the trajectory's path; empty without such rows
   * @param guards scores on the guarded tasks along the trajectory's path, in their order
   * @param evaluations number of masks scored on the selection rows
   * @param selectionWork work on the selection rows
   * @param heldOutWork work on the held-out rows
   * @throws IllegalArgumentException if there are held-out scores, but not one per configuration of
   *     the path, or a guard has not one per configuration
   */
  public Report(
      Provenance provenance,
      Trajectory trajectory,
      List<Score> heldOut,
      List<GuardScores> guards,
      int evaluations,
      Work selectionWork,
      Work heldOutWork) {
    int path = trajectory.path().size();
    for (GuardScores guard : guards) {
      if (guard.path().size() != path) {
        throw new IllegalArgumentException(
            String.format(
                "Guard %s has %d scores for a path of %d; give one each",
                guard.guard().task().name(), guard.path().size(), path));
      }
    }
    if (!heldOut.isEmpty() && heldOut.size() != path) {
      throw new IllegalArgumentException(
          heldOut.size() + " held-out scores for a path of " + path + "; give one each or none");
    }
    this.parts =
        new Parts(
            provenance,
            trajectory,
            List.copyOf(heldOut),
            List.copyOf(guards),
            evaluations,
            selectionWork,
            heldOutWork,
            GainAnalysis.NONE);
  }

  private Report(Parts parts) {
    this.parts = parts;
  }

  /** Returns this report with what its gains are made of. */
  public Report with(GainAnalysis gains) {
    return new Report(
        new Parts(
            parts.provenance,
            parts.trajectory,
            parts.heldOut,
            parts.guards,
            parts.evaluations,
            parts.selectionWork,
            parts.heldOutWork,
            gains));
  }

  /** What the gains are made of, task by task; nothing if that was not analysed. */
  public GainAnalysis gains() {
    return parts.gains();
  }

  /** Returns where the result comes from. */
  public Provenance provenance() {
    return parts.provenance();
  }

  /** Returns everything that the search saw. */
  public Trajectory trajectory() {
    return parts.trajectory();
  }

  /** Returns the scores on the held-out rows along the path; empty without such rows. */
  public List<Score> heldOut() {
    return parts.heldOut();
  }

  /** Returns the scores on the guarded tasks along the path, in their order. */
  public List<GuardScores> guards() {
    return parts.guards();
  }

  /** Returns the number of masks scored on the selection rows. */
  public int evaluations() {
    return parts.evaluations();
  }

  /** Returns the work on the selection rows. */
  public Work selectionWork() {
    return parts.selectionWork();
  }

  /** Returns the work on the held-out rows. */
  public Work heldOutWork() {
    return parts.heldOutWork();
  }

  /** Returns the baseline, then every accepted configuration in the order of acceptance. */
  public List<Configuration> path() {
    return path.get();
  }

  private List<Configuration> configurations() {
    List<Configuration> path = trajectory().path();
    return IntStream.range(0, path.size()).mapToObj(i -> entry(path, i)).toList();
  }

  private Configuration entry(List<Configuration> path, int position) {
    Configuration configuration = path.get(position);
    Optional<Score> score = heldOut().stream().skip(position).findFirst();
    return new Configuration(
        configuration.mask(),
        configuration.score(),
        score,
        score.map(measured -> compare(heldOut().get(0), measured)).orElse(List.of()),
        guards().stream().map(guard -> guard.path().get(position)).toList(),
        Optional.empty());
  }

  private static List<PairedComparison> compare(Score first, Score second) {
    return IntStream.range(0, first.byTask().size())
        .mapToObj(task -> PairedComparison.of(first.byTask().get(task), second.byTask().get(task)))
        .toList();
  }

  /**
   * Returns the configuration that a trade-off chooses from the path, by its selection scores.
   *
   * @throws BudgetNotMetException if none is what the trade-off demands
   * @throws IllegalStateException if it goes by measured costs, which a report does not hold
   */
  public Configuration choose(TradeOff tradeOff) {
    Verdict choice = tradeOff.choose(trajectory().path());
    if (!choice.met()) {
      throw new BudgetNotMetException(choice);
    }
    return path().get(choice.position());
  }

  /** Returns the unpruned model. */
  public Configuration baseline() {
    return path().get(0);
  }

  /** Returns BEST, see {@link TradeOff#best}. */
  public Configuration best() {
    return choose(TradeOff.best());
  }

  /** Returns BSBA, see {@link TradeOff#bestSpeedup}. */
  public Configuration bsba() {
    return choose(TradeOff.bestSpeedup());
  }

  /** Returns FINAL, see {@link TradeOff#last}. */
  public Configuration last() {
    return choose(TradeOff.last());
  }

  /** Returns BEST, BSBA and FINAL by these names, in this order. */
  public Map<String, Configuration> found() {
    Map<String, Configuration> found = new LinkedHashMap<>();
    found.put("BEST", best());
    found.put("BSBA", bsba());
    found.put("FINAL", last());
    return found;
  }

  /** Returns {@link #found} after the baseline. */
  public Map<String, Configuration> reported() {
    Map<String, Configuration> reported = new LinkedHashMap<>();
    reported.put("baseline", baseline());
    reported.putAll(found());
    return reported;
  }

  /** Returns those of baseline, BEST, BSBA and FINAL that a configuration is, in this order. */
  public List<String> titles(LayerMask mask) {
    return reported().entrySet().stream()
        .filter(each -> each.getValue().mask().equals(mask))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the names of the layers that a configuration removes. */
  public List<String> removed(Configuration configuration) {
    return provenance().model().removedNames(configuration.mask());
  }

  /** Returns whether there are held-out rows. */
  public boolean isHeldOut() {
    return !heldOut().isEmpty();
  }

  /**
   * The evidence of the rows for BEST, BSBA or FINAL against the baseline: on held-out rows if
   * there are any. Computed once, at the first call, in tens of milliseconds with held-out rows;
   * without, it resamples the selection rows 1000 times for each of the three.
   *
   * @return empty for the baseline, and for any other configuration
   */
  public Optional<Evidence> evidence(Configuration configuration) {
    return Optional.ofNullable(evidence.get().get(configuration.mask()));
  }

  /** Returns the report as JSON, format version {@value ReportJson#FORMAT}, with a line feed. */
  public String toJson() {
    return ReportJson.of(this).text();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Report report && report.parts.equals(parts);
  }

  @Override
  public int hashCode() {
    return parts.hashCode();
  }

  /** Returns the title and the accuracy of each of the reported configurations, on one line. */
  @Override
  public String toString() {
    return provenance().title()
        + reported().entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue().quoted())
            .collect(joining(", ", ": ", ""));
  }
}
