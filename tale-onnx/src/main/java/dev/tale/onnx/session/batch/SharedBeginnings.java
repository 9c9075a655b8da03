package dev.tale.onnx.session.batch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which sequences begin with the same tokens, so that these are worth being run once: a system
 * prompt, the shots of a task, the question that several choices follow.
 *
 * <p>Implementation note: sorted, sequences that begin alike stand together. A stretch of them is
 * one group, with what all have in common, or is cut where the first token differs and each part
 * tried by itself, whichever spares more. O(n log n + tokens).
 */
public final class SharedBeginnings {
  /** A shorter beginning costs as much to keep and to attend to as it spares. */
  private static final int LEAST_TOKENS = 16;

  /**
   * A group is worth its runs if it spares so many tokens: what a run costs beside its tokens,
   * measured as the time of an empty run on nano-llama, is about that of 64.
   */
  private static final int LEAST_SPARED = 128;

  private final List<Sequence> sequences;
  private final List<Integer> sorted;

  private SharedBeginnings(List<Sequence> sequences) {
    this.sequences = sequences;
    this.sorted =
        IntStream.range(0, sequences.size())
            .boxed()
            .sorted(Comparator.comparing(sequences::get, SharedBeginnings::compare))
            .toList();
  }

  /** Returns every sequence once: groups that begin alike, and the rest, to be run whole. */
  static List<PaddedBatch> find(List<Sequence> sequences) {
    if (sequences.isEmpty()) {
      return List.of();
    }
    SharedBeginnings beginnings = new SharedBeginnings(sequences);
    List<PaddedBatch> groups = beginnings.best(0, sequences.size()).groups;
    List<Integer> grouped = groups.stream().flatMap(group -> group.members().stream()).toList();
    List<Integer> rest = new ArrayList<>(beginnings.sorted);
    rest.removeAll(new HashSet<>(grouped));
    List<PaddedBatch> all = new ArrayList<>(groups);
    if (!rest.isEmpty()) {
      all.add(PaddedBatch.whole(sequences, rest.stream().sorted().toList()));
    }
    return all;
  }

  private static int compare(Sequence first, Sequence second) {
    int common = common(first, second);
    if (common == first.length() || common == second.length()) {
      return Integer.compare(first.length(), second.length());
    }
    return Long.compare(first.token(common), second.token(common));
  }

  private static int common(Sequence first, Sequence second) {
    int most = Math.min(first.length(), second.length());
    int common = 0;
    while (common < most && first.token(common) == second.token(common)) {
      common++;
    }
    return common;
  }

  private Sequence at(int place) {
    return sequences.get(sorted.get(place));
  }

  private Found best(int from, int to) {
    if (to - from < 2) {
      return Found.NOTHING;
    }
    int common = common(at(from), at(to - 1));
    Found whole = together(from, to, common);
    Found parts = apart(from, to, common);
    return whole.spared >= parts.spared ? whole : parts;
  }

  /** The first position that is read is fed with each row, or there would be nothing to read. */
  private Found together(int from, int to, int common) {
    int prefix = common;
    for (int place = from; place < to; place++) {
      prefix = Math.min(prefix, at(place).probes().get(0).position());
    }
    long spared = (long) (to - from - 1) * prefix - LEAST_SPARED;
    return prefix < LEAST_TOKENS || spared <= 0
        ? Found.NOTHING
        : new Found(
            spared,
            List.of(new PaddedBatch(sequences, List.copyOf(sorted.subList(from, to)), prefix)));
  }

  private Found apart(int from, int to, int common) {
    Found all = Found.NOTHING;
    int start = from;
    for (int place = from + 1; place <= to; place++) {
      if (place == to || !sameNext(start, place, common)) {
        boolean smaller = place - start < to - from;
        all = smaller ? all.and(best(start, place)) : all;
        start = place;
      }
    }
    return all;
  }

  private boolean sameNext(int first, int second, int at) {
    return at(first).length() > at
        && at(second).length() > at
        && at(first).token(at) == at(second).token(at);
  }

  /** What some groups spare. */
  private record Found(long spared, List<PaddedBatch> groups) {
    static final Found NOTHING = new Found(0, List.of());

    Found and(Found other) {
      List<PaddedBatch> both = new ArrayList<>(groups);
      both.addAll(other.groups);
      return new Found(spared + other.spared, both);
    }
  }
}
