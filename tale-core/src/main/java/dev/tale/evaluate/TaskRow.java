package dev.tale.evaluate;

/**
 * A row of one of several tasks.
 *
 * @param task position of the task
 * @param row position of the row in the task
 */
record TaskRow(int task, int row) {}
