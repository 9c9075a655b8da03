package dev.tale.testing;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A model of two layers whose gain without layer 1 is known, and its task. An option's score is
 * normal about 0, about the knowledge if it is right, plus the preference if it is the first; noise
 * with and without the layer correlate. The unpruned model's generated text is an answer on some
 * rows only; its likelihoods are there on all.
 *
 * @param options number of options, 2 to 26
 * @param generates whether answers are generated, or chosen
 * @param answered share of the rows on which the unpruned model generates an answer
 * @param preference of the unpruned model for the first option
 * @param knowledge of the unpruned model
 * @param prunedKnowledge knowledge without layer 1
 * @param seed of the rows
 */
public record KnownGain(
    int options,
    boolean generates,
    double answered,
    double preference,
    double knowledge,
    double prunedKnowledge,
    long seed)
    implements LayeredModel {
  private static final int LAYERS = 2;
  private static final double CORRELATION = 0.8;
  private static final String ROW = "row ";

  /** The mask whose gain is known. */
  public static LayerMask pruned() {
    return LayerMask.of(LAYERS, 1);
  }

  /** These settings with other rows. */
  public KnownGain draw(long newSeed) {
    return new KnownGain(
        options, generates, answered, preference, knowledge, prunedKnowledge, newSeed);
  }

  /**
   * Parts of a gain as shares of the rows.
   *
   * @param format what answers where there were none win
   * @param bias what taking the preference away wins
   * @param rest what more knowledge wins
   */
  public record Truth(double format, double bias, double rest) {}

  /** The parts on so many rows, by the scores themselves. */
  public Truth truth(int rows) {
    int right = 0;
    int repaired = 0;
    int unbiased = 0;
    int after = 0;
    for (int i = 0; i < rows; i++) {
      Row row = new Row(i);
      boolean known = row.best(row.before) == row.gold;
      right += known && (row.isAnswered || !generates) ? 1 : 0;
      repaired += known ? 1 : 0;
      row.before[0] -= preference;
      unbiased += row.best(row.before) == row.gold ? 1 : 0;
      after += row.best(row.after) == row.gold ? 1 : 0;
    }
    return new Truth(
        (repaired - right) / (double) rows,
        (unbiased - repaired) / (double) rows,
        (after - unbiased) / (double) rows);
  }

  /** The rows [from, to) as a task. */
  public Task task(int from, int to) {
    List<Integer> rows = IntStream.range(from, to).boxed().toList();
    List<String> letters = IntStream.range(0, options).mapToObj(KnownGain::letter).toList();
    return generates
        ? Task.generation(
            "known",
            rows,
            id -> Example.generation(ROW + id, letter(new Row(id).gold)),
            Decoding.until("\n"))
        : Task.multipleChoice(
            "known", rows, id -> Example.multipleChoice(ROW + id, letters, new Row(id).gold));
  }

  private static String letter(int option) {
    return String.valueOf((char) ('A' + option));
  }

  /** Scores of one row. */
  private final class Row {
    private final int gold;
    private final boolean isAnswered;
    private final double[] before = new double[options];
    private final double[] after = new double[options];

    Row(int id) {
      Random random = new Random(31 * (1_000_003 * seed + id) + 17);
      random.nextDouble(); // The first ones of neighbouring seeds are alike.
      gold = random.nextInt(options);
      isAnswered = random.nextDouble() < answered;
      for (int i = 0; i < options; i++) {
        double noise = random.nextGaussian();
        double other = Math.sqrt(1 - CORRELATION * CORRELATION) * random.nextGaussian();
        before[i] = noise + (i == gold ? knowledge : 0) + (i == 0 ? preference : 0);
        after[i] = CORRELATION * noise + other + (i == gold ? prunedKnowledge : 0);
      }
    }

    int best(double[] scores) {
      int best = 0;
      for (int i = 1; i < options; i++) {
        best = scores[i] > scores[best] ? i : best;
      }
      return best;
    }
  }

  @Override
  public ModelInfo info() {
    List<LayerInfo> layers =
        IntStream.range(0, LAYERS)
            .mapToObj(i -> new LayerInfo(i, LayerInfo.Part.WHOLE, i, "layer " + i, 100, 400))
            .toList();
    return new ModelInfo("known gain", toString(), layers, 1000, "script");
  }

  @Override
  public void check(List<Request> requests) {}

  @Override
  public PlannedWork cost(Batch batch) {
    return new PlannedWork(batch.requests().size(), batch.requests().size());
  }

  @Override
  public void answer(List<Batch> batches, Consumer<Answer> answers) {
    for (Batch batch : batches) {
      List<List<Response>> responses = new ArrayList<>();
      for (LayerMask mask : batch.masks()) {
        responses.add(batch.requests().stream().map(each -> respond(each, mask)).toList());
      }
      answers.accept(Answer.of(batch, responses, cost(batch)));
    }
  }

  private Response respond(Request request, LayerMask mask) {
    boolean whole = !mask.removes(1);
    if (request instanceof Request.Generation generation) {
      Row row = new Row(id(generation.prompt()));
      boolean answers = !whole || row.isAnswered;
      String text = answers ? letter(row.best(whole ? row.before : row.after)) : "?";
      return new Response.Generation(text, 1, Response.Stop.END_OF_SEQUENCE);
    }
    Request.LogLikelihood likelihood = (Request.LogLikelihood) request;
    int option = likelihood.continuation().strip().charAt(0) - 'A';
    int id = id(likelihood.prompt());
    double score =
        id < 0
            ? (whole && option == 0 ? preference : 0)
            : (whole ? new Row(id).before : new Row(id).after)[option];
    return new Response.LogLikelihood(score - 10, 1, false);
  }

  /** The row that a prompt asks, or -1 if it asks none. */
  private static int id(Prompt prompt) {
    String text = prompt.toString();
    int at = text.lastIndexOf(ROW);
    if (at < 0) {
      return -1;
    }
    int end = at + ROW.length();
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return Integer.parseInt(text.substring(at + ROW.length(), end));
  }
}
