package dev.tale.onnx.session.batch;

import com.google.common.primitives.ImmutableLongArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The distinct sequences that a list of pairs needs. Immutable.
 *
 * <p>Implementation note: a text and its choices share the text, and rows often share the choices;
 * each is run once.
 */
public final class PairPlan {
  private final Map<ImmutableLongArray, Integer> indices = new LinkedHashMap<>();

  private PairPlan() {}

  public static PairPlan of(List<TokenPair> pairs) {
    PairPlan plan = new PairPlan();
    for (TokenPair pair : pairs) {
      plan.indices.putIfAbsent(pair.text(), plan.indices.size());
      plan.indices.putIfAbsent(pair.other(), plan.indices.size());
    }
    return plan;
  }

  /** Returns the sequences; nothing is read after a position of an encoder's. */
  public List<Sequence> sequences() {
    return indices.keySet().stream().map(tokens -> new Sequence(tokens, List.of())).toList();
  }

  /** Returns the position in {@link #sequences} of a pair's tokens. */
  public int indexOf(ImmutableLongArray tokens) {
    Integer index = indices.get(tokens);
    if (index == null) {
      throw new IllegalArgumentException("Not in the plan: " + tokens);
    }
    return index;
  }

  /** Returns the number of tokens of all sequences. */
  public long tokens() {
    return indices.keySet().stream().mapToLong(ImmutableLongArray::length).sum();
  }
}
