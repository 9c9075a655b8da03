package dev.tale.report;

import dev.tale.task.DataSplit;
import dev.tale.task.Task;
import java.util.List;

/**
 * The rows that a result was measured on.
 *
 * @param name the task's name
 * @param rows number of rows
 * @param metric name of the metric
 * @param contentHash SHA-256, in hexadecimal, of rows, prompts, shots, metric and extraction
 * @param dataSplit the part of their data set that the rows are from
 * @param commonest what is right most often
 * @param warnings what is to be said against the rows, such as that they are few; each goes on
 *     after their number and kind
 */
public record TaskSummary(
    String name,
    int rows,
    String metric,
    String contentHash,
    DataSplit dataSplit,
    CommonestAnswer commonest,
    List<String> warnings) {

  /** Copies the warnings. */
  public TaskSummary {
    warnings = List.copyOf(warnings);
  }

  /** Summarizes a task. */
  public static TaskSummary of(Task task) {
    return new TaskSummary(
        task.name(),
        task.size(),
        task.metric(),
        task.contentHash(),
        task.dataSplit(),
        CommonestAnswer.of(task),
        RowWarnings.of(task));
  }

  /** Returns whether the same is right in every row of several. */
  public boolean hasOneAnswer() {
    return rows > 1 && commonest.count() == rows;
  }

  /** Returns whether the rows are a data set's test split. */
  public boolean isTestSplit() {
    return dataSplit == DataSplit.TEST;
  }
}
