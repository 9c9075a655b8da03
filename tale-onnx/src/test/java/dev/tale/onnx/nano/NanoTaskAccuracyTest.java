package dev.tale.onnx.nano;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.estimate.Interval;
import dev.tale.evaluate.Evaluator;
import dev.tale.evaluate.Progress;
import dev.tale.evaluate.Score;
import dev.tale.journal.Journal;
import dev.tale.model.LayerMask;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.testing.ResourceFiles;
import dev.tale.stats.Wilson;
import dev.tale.task.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * nano-llama is as good on our rows as PyTorch found it on those of Python: the intervals of both,
 * at a confidence of {@value #CONFIDENCE}, meet.
 */
@Tag("slow")
class NanoTaskAccuracyTest {
  private static final int ROWS = 200;
  private static final long SEED = 11;
  private static final double CONFIDENCE = 0.999;
  private static final Pattern FINAL =
      Pattern.compile("final (\\w+)(?: depth (\\d))? ([01]\\.\\d+) \\((\\d+) rows\\)");

  private static OnnxModel model;

  @BeforeAll
  static void open() throws IOException {
    model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(2)).open();
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static Score score(Task task) {
    Evaluator evaluator = new Evaluator(model, task, "rows", Journal.none(), Progress.none());
    return evaluator.evaluate(List.of(LayerMask.none(12))).get(0).score();
  }

  private static void requireAlike(Task task, int correct, int total) {
    Score score = score(task);
    Interval ours = Wilson.interval(score.correct(), score.total(), CONFIDENCE);
    Interval theirs = Wilson.interval(correct, total, CONFIDENCE);
    assertThat(ours.low() <= theirs.high() && theirs.low() <= ours.high())
        .as("%s: %s, but in Python %s/%s", task.name(), score, correct, total)
        .isTrue();
  }

  private static List<MatchResult> trainingLog() throws IOException {
    try (InputStream log = ResourceFiles.open("/models/nano-llama/training.log")) {
      String text = new String(log.readAllBytes(), StandardCharsets.UTF_8);
      return FINAL.matcher(text).results().toList();
    }
  }

  @Test
  void everyTaskOfTheTrainingLog() throws IOException {
    List<MatchResult> lines =
        trainingLog().stream()
            .filter(line -> line.group(2) == null && !line.group(1).equals("boolean"))
            .toList();
    assertThat(lines).hasSize(7);
    for (MatchResult line : lines) {
      NanoTask task =
          Arrays.stream(NanoTask.values())
              .filter(each -> each.inDistribution() && each.trainedAs().equals(line.group(1)))
              .findFirst()
              .orElseThrow();
      requireAlike(task.task(ROWS, SEED), correct(line), total(line));
    }
  }

  @Test
  void everyDepthOfTheTrainingLog() throws IOException {
    List<MatchResult> lines = trainingLog().stream().filter(line -> line.group(2) != null).toList();
    assertThat(lines).hasSize(5);
    for (MatchResult line : lines) {
      int depth = Integer.parseInt(line.group(2));
      requireAlike(BooleanExpressions.task(depth, ROWS, SEED), correct(line), total(line));
    }
  }

  /** Training draws depths 0 to 3 alike; of the shallow ones these are all that there are. */
  @Test
  void booleansOfTheTrainingLogInAllTrainedDepths() throws IOException {
    MatchResult line =
        trainingLog().stream()
            .filter(each -> each.group(1).equals("boolean") && each.group(2) == null)
            .findFirst()
            .orElseThrow();
    double ours = 0;
    for (Task depth : List.of(depth(0, 2), depth(1, 10), depth(2, ROWS), depth(3, ROWS))) {
      ours += score(depth).accuracy() / 4;
    }
    double share = Double.parseDouble(line.group(3));
    double deviation = Math.sqrt(0.12 * 0.88 / ROWS) / 4 + Math.sqrt(share * (1 - share) / 2000);
    assertThat(ours).isBetween(share - 3.3 * deviation, share + 3.3 * deviation);
  }

  private static Task depth(int depth, int rows) {
    return BooleanExpressions.task(depth, rows, SEED);
  }

  /** Beyond training the log says nothing; PyTorch was asked for this. */
  @Test
  void everyDifficultyInAndOutOfDistribution() throws IOException {
    int compared = 0;
    for (TrainedTask each : TrainedTask.all()) {
      for (NanoTask task : NanoTask.values()) {
        if (task.trainedAs().equals(each.task())
            && task.difficulties().contains(each.difficulty())) {
          requireAlike(task.task(each.difficulty(), ROWS, SEED), each.correct(), each.total());
          compared++;
        }
      }
    }
    int difficulties =
        Arrays.stream(NanoTask.values()).mapToInt(task -> task.difficulties().size()).sum();
    assertThat(compared).isEqualTo(difficulties);
  }

  private static int correct(MatchResult line) {
    return (int) Math.round(Double.parseDouble(line.group(3)) * total(line));
  }

  private static int total(MatchResult line) {
    return Integer.parseInt(line.group(4));
  }
}
