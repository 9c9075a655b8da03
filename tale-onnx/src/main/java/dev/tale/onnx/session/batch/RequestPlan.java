package dev.tale.onnx.session.batch;

import com.google.common.primitives.ImmutableLongArray;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The distinct sequences that a list of requests needs, and which request reads which. Immutable.
 *
 * <p>Implementation note: the choices of one question whose continuations are one token long read
 * the same position of the same sequence, and are run once.
 */
public final class RequestPlan {
  /** A log-probability is NaN where any logit is, so one candidate tells; which does not matter. */
  public static final ImmutableLongArray ANY_TOKEN = ImmutableLongArray.of(0);

  private final List<Sequence> sequences;
  private final List<Integer> sequenceOf; // by request

  private RequestPlan(List<Sequence> sequences, List<Integer> sequenceOf) {
    this.sequences = sequences;
    this.sequenceOf = sequenceOf;
  }

  public static RequestPlan of(List<? extends TokenRequest> requests) {
    Map<ImmutableLongArray, Wanted> wanted = new LinkedHashMap<>();
    List<Integer> sequenceOf = new ArrayList<>();
    for (TokenRequest request : requests) {
      Wanted sequence = wanted.computeIfAbsent(request.input(), t -> new Wanted(t, wanted.size()));
      sequence.add(request);
      sequenceOf.add(sequence.index);
    }
    return new RequestPlan(
        wanted.values().stream().map(Wanted::sequence).toList(), List.copyOf(sequenceOf));
  }

  /** Returns the sequence of each request, of which the next token is wanted. */
  static List<Sequence> prompts(List<TokenRequest.Generate> requests) {
    return requests.stream()
        .map(
            request ->
                new Sequence(
                    request.input(), List.of(new Probe(request.input().length() - 1, ANY_TOKEN))))
        .toList();
  }

  public List<Sequence> sequences() {
    return sequences;
  }

  /** Returns the position in {@link #sequences} of what a request reads. */
  public int sequenceOf(int request) {
    return sequenceOf.get(request);
  }

  /** Returns the number of tokens of all sequences. */
  public long tokens() {
    return sequences.stream().mapToLong(Sequence::length).sum();
  }

  /** What is wanted of one sequence. */
  private static final class Wanted {
    private final ImmutableLongArray tokens;
    private final int index;
    private final TreeMap<Integer, Set<Long>> candidates = new TreeMap<>();

    private Wanted(ImmutableLongArray tokens, int index) {
      this.tokens = tokens;
      this.index = index;
    }

    private void add(TokenRequest request) {
      if (request instanceof TokenRequest.Score score) {
        for (int token = score.from(); token < score.tokens().length(); token++) {
          add(token - 1, score.tokens().get(token));
        }
      } else {
        add(tokens.length() - 1, ANY_TOKEN.get(0));
      }
    }

    private void add(int position, long token) {
      candidates.computeIfAbsent(position, key -> new LinkedHashSet<>()).add(token);
    }

    private Sequence sequence() {
      List<Probe> probes = new ArrayList<>();
      candidates.forEach(
          (position, tokens) -> probes.add(new Probe(position, ImmutableLongArray.copyOf(tokens))));
      return new Sequence(tokens, probes);
    }
  }
}
