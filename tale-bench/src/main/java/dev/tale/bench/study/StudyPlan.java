package dev.tale.bench.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.onnx.nano.NanoTask;
import dev.tale.task.TaskSplit;
import java.util.List;

/**
 * What a study asks.
 *
 * @param tasks the tasks, in the order in which they are studied; a report is made of the first
 * @param seeds under how many draws of its rows each task is studied: seeds 1, 2, ...
 * @param selection number of rows to choose layers by
 * @param heldOut number of rows to report on
 * @param exhaustiveSeeds for how many of the seeds every mask is asked
 * @param gateSeeds for how many of the seeds gates are opened step by step
 */
public record StudyPlan(
    List<NanoTask> tasks,
    int seeds,
    int selection,
    int heldOut,
    int exhaustiveSeeds,
    int gateSeeds) {

  /** All that there is. */
  public static StudyPlan full(int seeds, int exhaustiveSeeds) {
    return new StudyPlan(List.of(NanoTask.values()), seeds, 500, 1000, exhaustiveSeeds, 1);
  }

  /** Two tasks on fewer rows, in a few minutes. */
  public static StudyPlan quick(int seeds, int exhaustiveSeeds) {
    List<NanoTask> tasks = List.of(NanoTask.BOOLEAN, NanoTask.MAX);
    return new StudyPlan(tasks, seeds, 200, 400, exhaustiveSeeds, 1);
  }

  /** Rows of a task; of one that has too few, all that there are, cut in the same proportion. */
  TaskSplit split(NanoTask task, int seed) {
    if (task.available() >= selection + heldOut) {
      return task.split(selection, heldOut, seed);
    }
    int available = (int) task.available();
    int choosing = available * selection / (selection + heldOut);
    return task.split(choosing, available - choosing, seed);
  }

  boolean exhaustive(int seed) {
    return seed <= exhaustiveSeeds;
  }

  /** Layers of nano-llama are alike: on later seeds one mask of each size is timed. */
  boolean timesEveryMask(int seed) {
    return seed == 1;
  }

  boolean gates(int seed) {
    return seed <= gateSeeds;
  }

  /** What the figures of one task and seed depend on. */
  ObjectNode settings() {
    return new ObjectMapper()
        .createObjectNode()
        .put("selectionRows", selection)
        .put("heldOutRows", heldOut);
  }
}
