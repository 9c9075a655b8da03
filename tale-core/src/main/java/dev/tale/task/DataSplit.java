package dev.tale.task;

/** The part of its data set that a task's rows are from, as the data set's publisher named it. */
public enum DataSplit {
  /** Rows for training; also those that are shown as shots. */
  TRAIN,
  /** Rows to choose by. */
  VALIDATION,
  /** Rows to report on. Layers that were chosen on them say nothing about new rows. */
  TEST,
  /** Nobody said. */
  UNSPECIFIED
}
