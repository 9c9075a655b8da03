package dev.tale.information;

import com.google.common.primitives.ImmutableIntArray;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Rows dealt out to folds, label by label, so that each label has its share of every fold, and each
 * fold its share of the rows, to within one.
 *
 * @param count number of folds
 * @param ofRow fold of each row
 */
record Folds(int count, ImmutableIntArray ofRow) {

  static Folds stratified(Labels labels, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ofRow = new int[labels.size()];
    int next = 0;
    for (int label = 0; label < labels.names().size(); label++) {
      for (int row : shuffled(labels, label, random)) {
        ofRow[row] = next++ % count;
      }
    }
    return new Folds(count, ImmutableIntArray.copyOf(ofRow));
  }

  private static int[] shuffled(Labels labels, int label, SplittableRandom random) {
    int[] rows = IntStream.range(0, labels.size()).filter(r -> labels.of(r) == label).toArray();
    for (int i = rows.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int row = rows[i];
      rows[i] = rows[other];
      rows[other] = row;
    }
    return rows;
  }

  int[] rows(int fold) {
    return where(f -> f == fold);
  }

  /** The rows of all folds but one or two. */
  int[] rowsWithout(int fold, int other) {
    return where(f -> f != fold && f != other);
  }

  private int[] where(IntPredicate wanted) {
    return IntStream.range(0, ofRow.length()).filter(row -> wanted.test(ofRow.get(row))).toArray();
  }
}
