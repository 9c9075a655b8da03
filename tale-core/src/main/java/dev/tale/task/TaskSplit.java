package dev.tale.task;

/**
 * A task in two parts without a common row.
 *
 * @param selection rows to choose layers by
 * @param heldOut rows that choose nothing, to report on
 */
public record TaskSplit(Task selection, Task heldOut) {}
