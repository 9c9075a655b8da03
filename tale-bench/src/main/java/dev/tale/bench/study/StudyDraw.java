package dev.tale.bench.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.nano.NanoTask;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.util.Arrays;
import java.util.Optional;

/** One draw of a task's rows: what one run of a study is about. */
record StudyDraw(StudyPlan plan, NanoTask task, int seed) {

  TaskSplit rows() {
    return plan.split(task, seed);
  }

  /** Rows like those of training, where those of the task are not. */
  Optional<Task> reference() {
    return Arrays.stream(NanoTask.values())
        .filter(other -> other.inDistribution() && !task.inDistribution())
        .filter(other -> other.trainedAs().equals(task.trainedAs()))
        .map(other -> plan.split(other, seed).selection())
        .findFirst();
  }

  void putInto(ObjectNode json) {
    json.put("task", task.toString());
    json.put("inDistribution", task.inDistribution());
    json.put("seed", seed);
  }
}
