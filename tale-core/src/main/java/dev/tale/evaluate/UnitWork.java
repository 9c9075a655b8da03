package dev.tale.evaluate;

import dev.tale.journal.Work;
import dev.tale.journal.WorkUnit;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayerMask;
import dev.tale.model.Request;
import dev.tale.model.Response;
import java.util.List;

/** Counts the work of units: what the model planned, and what was generated after the prompts. */
final class UnitWork {
  private UnitWork() {}

  /** The work of a unit: as planned, and what was generated after the prompts. */
  static Work of(WorkUnit unit, Answer answer) {
    long rows = (long) unit.rows().size() * unit.masks().size();
    long generated = ofGenerated(unit.masks(), answer.byRequest());
    return new Work(
        rows,
        rows,
        answer.cost().layerForwards() + generated,
        answer.cost().naiveLayerForwards() + generated);
  }

  /** Layer-forwards of everything that was generated, by mask, after its prompt. */
  static long ofGenerated(List<LayerMask> masks, List<List<Response>> responses) {
    long layerForwards = 0;
    for (int mask = 0; mask < masks.size(); mask++) {
      long tokens = responses.get(mask).stream().mapToLong(UnitWork::tokensFed).sum();
      layerForwards += tokens * masks.get(mask).kept().size();
    }
    return layerForwards;
  }

  /** The most layer-forwards that generations can take after their prompts. */
  static long ofLongestGenerations(Batch batch) {
    long tokens =
        batch.requests().stream()
            .mapToLong(r -> r instanceof Request.Generation asked ? asked.maxNewTokens() : 0)
            .sum();
    return tokens * batch.masks().stream().mapToLong(mask -> mask.kept().size()).sum();
  }

  /** The prompt gives the first token, and the last is fed only to find that no other follows. */
  private static long tokensFed(Response response) {
    if (!(response instanceof Response.Generation generation)) {
      return 0;
    }
    return switch (generation.stop()) {
      case STOP_STRING, LENGTH -> generation.tokens() - 1L;
      case END_OF_SEQUENCE, NOT_A_NUMBER -> generation.tokens();
    };
  }
}
