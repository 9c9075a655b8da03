package dev.tale.bench.study;

import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Objective;
import dev.tale.evaluate.Progress;
import dev.tale.importance.SpanScores;
import dev.tale.journal.Journal;
import dev.tale.journal.Work;
import dev.tale.model.LayeredModel;
import dev.tale.onnx.OnnxModel;
import dev.tale.policy.Floor;
import dev.tale.search.SearchStrategy;
import dev.tale.search.Trajectory;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * The strategies of a study, all without a floor.
 *
 * @param all the strategies, the one that asks most first: what it asked, the others need not ask
 *     the model again
 */
record StudySearches(List<Contestant> all) {
  static final int MOST_REMOVED = 4;
  static final int MOST_REMOVED_EXHAUSTIVELY = 3;
  static final String EXHAUSTIVE = "exhaustive";
  static final String GREEDY = "greedy";
  private static final int SHORTLIST = 6;
  private static final int DRAWS = 20;

  /**
   * A strategy.
   *
   * @param name a short name
   * @param strategy with every limit
   * @param scoring layer-forwards that its measure of importance took before it began
   */
  record Contestant(String name, SearchStrategy strategy, long scoring) {}

  /**
   * What a strategy found.
   *
   * @param work on the selection rows, whether or not another had asked the same before
   * @param seconds wall-clock time; less where another had asked the same before
   */
  record Found(Contestant contestant, Trajectory trajectory, Work work, double seconds) {}

  StudySearches {
    all = List.copyOf(all);
  }

  static StudySearches of(
      OnnxModel model, Task selection, StudyScores scores, boolean exhaustive, int seed) {
    List<Contestant> all = new ArrayList<>();
    if (exhaustive) {
      all.add(
          new Contestant(
              EXHAUSTIVE,
              SearchStrategy.exhaustive().removingAtMost(MOST_REMOVED_EXHAUSTIVELY),
              0));
    }
    add(all, GREEDY, SearchStrategy.greedy(), 0);
    add(all, "greedy, racing", SearchStrategy.greedy().racing(0.05, 0.02), 0);
    StudyScores.Taken joint = scores.taken(StudyScores.JOINT);
    add(
        all,
        "greedy among " + SHORTLIST + " by joint score",
        SearchStrategy.greedy().among(joint.scores(), SHORTLIST),
        joint.layerForwards());
    add(all, "beam of 3", SearchStrategy.beam(3), 0);
    add(all, "backward-forward", SearchStrategy.backwardForward(), 0);
    for (String score :
        List.of(
            StudyScores.BLOCK_INFLUENCE,
            StudyScores.INFORMATION,
            StudyScores.GRADIENT,
            StudyScores.JOINT)) {
      StudyScores.Taken taken = scores.taken(score);
      SearchStrategy oneShot = SearchStrategy.oneShot(taken.scores());
      add(all, "one-shot by " + score, oneShot, taken.layerForwards());
    }
    add(all, "spans by accuracy", SearchStrategy.spans(), 0);
    all.add(spansByDistance(model, selection, seed));
    add(all, "last layers", SearchStrategy.lastLayers(), 0);
    add(all, "perplexity-greedy", SearchStrategy.perplexityGreedy(), 0);
    add(all, "ising", SearchStrategy.ising().seed(seed), 0);
    add(all, "evolutionary", SearchStrategy.evolutionary(seed), 0);
    add(all, "random, best of " + DRAWS, SearchStrategy.random(DRAWS, seed), 0);
    return new StudySearches(all);
  }

  /**
   * Searches that remove attention and feed-forward parts.
   *
   * @param perLayer number of parts of a layer
   */
  static StudySearches ofParts(int perLayer) {
    int most = MOST_REMOVED * perLayer;
    return new StudySearches(
        List.of(
            new Contestant("greedy by parts", SearchStrategy.greedy().removingAtMost(most), 0),
            new Contestant(
                "perplexity-greedy by parts (BlockPruner)",
                SearchStrategy.perplexityGreedy().removingAtMost(most),
                0)));
  }

  private static void add(
      List<Contestant> all, String name, SearchStrategy strategy, long scoring) {
    all.add(new Contestant(name, strategy.removingAtMost(MOST_REMOVED), scoring));
  }

  private static Contestant spansByDistance(OnnxModel model, Task selection, int seed) {
    long before = StudyScores.layerForwards(model);
    List<SpanScores> byLength = new ArrayList<>();
    for (int length = 1; length <= MOST_REMOVED; length++) {
      byLength.add(SpanScores.angularDistance(model, selection, length, seed));
    }
    // The states are the same for every length: one pass would do.
    long scoring = (StudyScores.layerForwards(model) - before) / MOST_REMOVED;
    SearchStrategy spans =
        SearchStrategy.spans()
            .by(
                "angular distance",
                (first, length) -> byLength.get(length - 1).spans().get(first).value());
    return new Contestant("spans by angular distance", spans.removingAtMost(MOST_REMOVED), scoring);
  }

  /** Searches with one strategy after another. */
  List<Found> run(LayeredModel model, Task selection) {
    return all.stream().map(contestant -> run(contestant, model, selection)).toList();
  }

  private static Found run(Contestant contestant, LayeredModel model, Task selection) {
    long start = System.nanoTime();
    Evaluator evaluator =
        new Evaluator(model, selection, "selection", Journal.none(), Progress.none());
    Objective objective = new Objective(evaluator, List.of());
    Trajectory trajectory = contestant.strategy().search(objective, Floor.belowBaseline(1));
    Work work = evaluator.work();
    return new Found(contestant, trajectory, work, (System.nanoTime() - start) / 1e9);
  }
}
