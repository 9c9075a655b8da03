package dev.tale.importance;

import dev.tale.task.Task;

/** The angle between hidden states of one row. */
final class Angle {
  private Angle() {}

  /**
   * Returns the cosine of the angle between the states at two boundaries, in [-1, 1].
   *
   * @throws IllegalArgumentException if one of them is zero
   */
  static double cosine(States states, Task task, int row, int boundary, int other) {
    double cosine = Vectors.cosine(states.at(row, boundary), states.at(row, other));
    if (Double.isNaN(cosine)) {
      boolean first = Vectors.norm(states.at(row, boundary)) == 0;
      throw new IllegalArgumentException(
          String.format(
              "Task %s, %s: the hidden state %s is zero, and an angle to it is not defined; use a"
                  + " measure without angles, or leave the row out",
              task.name(), task.rowName(row), States.place(first ? boundary : other)));
    }
    return cosine;
  }
}
