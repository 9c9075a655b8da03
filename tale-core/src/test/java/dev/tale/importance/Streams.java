package dev.tale.importance;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.ResidualModel;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/** Tasks and models for scorers. */
final class Streams {
  private Streams() {}

  /** Rows with two choices, the right one in turn. */
  static Task task(int rows) {
    return task("turns", rows, row -> row % 2);
  }

  static Task task(String name, int rows, IntUnaryOperator gold) {
    List<Integer> all = IntStream.range(0, rows).boxed().toList();
    return Task.multipleChoice(
        name,
        all,
        row ->
            Example.multipleChoice(name + " " + row, List.of("no", "yes"), gold.applyAsInt(row)));
  }

  /** Rows of which each has an answer of its own. */
  static Task freeText(int rows) {
    return Task.generation(
        "sums",
        IntStream.range(0, rows).boxed().toList(),
        row -> Example.generation("What is " + row + "?", "It is " + row),
        Decoding.until("\n"));
  }

  /** The label of {@link #task}: -1 or 1. */
  static int sign(int row) {
    return row % 2 == 0 ? -1 : 1;
  }

  /** Normal numbers, a function of seed, row and layer. */
  static float[] noise(int width, long seed, int row, int layer) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + row * 1009L + layer);
    float[] noise = new float[width];
    for (int i = 0; i < width; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return noise;
  }

  static float[] vector(double... components) {
    float[] vector = new float[components.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) components[i];
    }
    return vector;
  }

  /**
   * Five layers over noise: 1 writes the label, 3 buries it in noise, 4 does nothing, the others
   * add a constant.
   */
  static ResidualModel bottleneck(Task task) {
    return new ResidualModel(
        5,
        (row, layer) ->
            switch (layer) {
              case -1 -> noise(4, 1, row, -1);
              case 1 -> vector(0, 1.5 * sign(row), 0, 0);
              case 3 -> vector(0, 6 * noise(1, 2, row, 3)[0], 0, 0);
              case 4 -> new float[4];
              default -> vector(1, 0, 1, 0);
            },
        task);
  }

  /** A model without optional abilities. */
  static LayeredModel plain(int layers) {
    return new LayeredModel() {
      private final ModelInfo info = new ResidualModel(layers, (row, layer) -> new float[1]).info();

      @Override
      public ModelInfo info() {
        return info;
      }

      @Override
      public void answer(List<Batch> batches, Consumer<Answer> answers) {
        throw new AssertionError("not asked");
      }
    };
  }
}
