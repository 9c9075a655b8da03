package dev.tale.information;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is right for each row, as one of several classes.
 *
 * @param names of the classes, in the order of their first rows
 * @param classes class of each row, a position in {@code names}
 * @param counts number of rows of each class
 */
public record Labels(List<String> names, List<Integer> classes, List<Integer> counts) {

  /**
   * Numbers the labels of rows of states, both of which it checks.
   *
   * @throws IllegalArgumentException if they are not as {@link InformationEstimator#byRow} needs
   *     them
   */
  static Labels of(float[][] states, List<String> labels) {
    if (states.length != labels.size()) {
      throw new IllegalArgumentException(
          String.format(
              "There are states of %d rows and labels of %d; give one label for each row",
              states.length, labels.size()));
    }
    for (int row = 0; row < states.length; row++) {
      requireNumbers(states, row);
    }
    return of(labels);
  }

  private static void requireNumbers(float[][] states, int row) {
    if (states[row].length == 0 || states[row].length != states[0].length) {
      throw new IllegalArgumentException(
          String.format(
              "The state of row %d has %d components and that of row 0 has %d; give all rows as"
                  + " many, at least 1",
              row, states[row].length, states[0].length));
    }
    for (int i = 0; i < states[row].length; i++) {
      if (!Float.isFinite(states[row][i])) {
        throw new IllegalArgumentException(
            String.format(
                "The state of row %d is %s in component %d; give finite numbers, or leave the row"
                    + " out",
                row, states[row][i], i));
      }
    }
  }

  /**
   * Numbers the labels.
   *
   * @throws IllegalArgumentException if all are the same, or there are none
   */
  public static Labels of(List<String> labels) {
    Map<String, Integer> numbers = new HashMap<>();
    List<String> names = new ArrayList<>();
    int[] classes = new int[labels.size()];
    for (int row = 0; row < classes.length; row++) {
      String label = labels.get(row);
      Integer known = numbers.putIfAbsent(label, names.size());
      if (known == null) {
        names.add(label);
      }
      classes[row] = known == null ? names.size() - 1 : known;
    }
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "There are no rows; give rows of at least 2 labels, several of each");
    }
    if (names.size() < 2) {
      throw new IllegalArgumentException(
          String.format(
              "All %d rows have the label \"%s\", about which nothing can be known; give rows of at"
                  + " least 2 labels, or take a measure without labels",
              labels.size(), names.get(0)));
    }
    return new Labels(
        List.copyOf(names), Arrays.stream(classes).boxed().toList(), counts(classes, names.size()));
  }

  private static List<Integer> counts(int[] classes, int size) {
    int[] counts = new int[size];
    for (int each : classes) {
      counts[each]++;
    }
    return Arrays.stream(counts).boxed().toList();
  }

  /**
   * Checks that every label has enough rows.
   *
   * @param why what needs them
   * @throws IllegalArgumentException if one has fewer
   */
  void requireRows(int least, String why) {
    for (int label = 0; label < counts.size(); label++) {
      if (counts.get(label) < least) {
        throw new IllegalArgumentException(
            String.format(
                "Label \"%s\" has %d of the %d rows, and there are %d labels; %s needs at least %d"
                    + " rows of each. Give more rows, leave rare labels out, or take a measure"
                    + " without labels if answers are free text",
                names.get(label), counts.get(label), classes.size(), names.size(), why, least));
      }
    }
  }

  /**
   * Checks that there are fewer labels than rows.
   *
   * @throws IllegalArgumentException if each row has a label of its own
   */
  void requireOneThatRepeats() {
    if (names.size() == classes.size()) {
      throw new IllegalArgumentException(
          String.format(
              "Each of the %d rows has a label of its own, so that nothing can be learnt of any;"
                  + " give more rows, or take a measure without labels if answers are free text",
              classes.size()));
    }
  }

  int size() {
    return classes.size();
  }

  /** The class of a row. */
  int of(int row) {
    return classes.get(row);
  }

  /** The number of rows of a class. */
  int count(int label) {
    return counts.get(label);
  }

  /** The share of a row's label, in bits of surprise; the mean over rows is the entropy. */
  public double surprise(int row) {
    return -log2((double) count(of(row)) / size());
  }

  /** The entropy H(Y) of the labels' shares, in bits. */
  public double entropy() {
    double sum = 0;
    for (int row = 0; row < size(); row++) {
      sum += surprise(row);
    }
    return sum / size();
  }

  static double log2(double value) {
    return Math.log(value) / Math.log(2);
  }
}
