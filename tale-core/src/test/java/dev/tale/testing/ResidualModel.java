package dev.tale.testing;

import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerInfo.Part;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.ModelInfo;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.ScaledLayers;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A model whose layers add scripted vectors to a residual stream, so that all that can be asked of
 * its hidden states has a closed form. The right answer of a row has log-likelihood -log(1 +
 * exp(-z)), every other one -log(1 + exp(z)), where z is component 0 of the stream's end.
 */
public final class ResidualModel implements LayeredModel, HiddenStates {
  private final ModelInfo info;
  private final Stream stream;
  private final int width;
  private final Map<Request, Integer> rows = new HashMap<>();
  private final Map<Request, Integer> golds = new HashMap<>();

  /** What the model adds up. */
  @FunctionalInterface
  public interface Stream {

    /** Returns what a layer adds to the stream of a row; layer -1 is the embedding. */
    float[] added(int row, int layer);
  }

  /** Makes a model that knows the rows of tasks, counted through. */
  public ResidualModel(int layers, Stream stream, Task... tasks) {
    this.stream = stream;
    this.width = stream.added(0, -1).length;
    this.info =
        new ModelInfo(
            "residual",
            "residual/" + layers,
            IntStream.range(0, layers)
                .mapToObj(i -> new LayerInfo(i, Part.WHOLE, i, "layer " + i, 1, 4))
                .toList(),
            Integer.MAX_VALUE,
            "script");
    int next = 0;
    for (Task task : tasks) {
      for (int i = 0; i < task.size(); i++) {
        for (Request request : task.requests(i)) {
          rows.put(request, next);
        }
        rows.put(task.goldLikelihood(i), next);
        golds.put(task.goldLikelihood(i), next++);
      }
    }
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public void check(List<Request> requests) {
    for (int i = 0; i < requests.size(); i++) {
      if (!rows.containsKey(requests.get(i))) {
        throw new UnanswerableRequestException(i, "not asked by any task of the script");
      }
    }
  }

  @Override
  public void answer(List<Batch> batches, Consumer<Answer> answers) {
    for (Batch batch : batches) {
      List<double[]> gates = batch.masks().stream().map(ResidualModel::gates).toList();
      answers.accept(Answer.of(batch, answer(batch.requests(), gates), cost(batch)));
    }
  }

  private static double[] gates(LayerMask mask) {
    return IntStream.range(0, mask.layers()).mapToDouble(l -> mask.removes(l) ? 0 : 1).toArray();
  }

  private List<List<Response>> answer(List<Request> requests, List<double[]> gates) {
    check(requests);
    return gates.stream()
        .map(factors -> requests.stream().map(request -> answer(request, factors)).toList())
        .toList();
  }

  private Response answer(Request request, double[] gates) {
    double z = stream.added(row(request), -1)[0];
    for (int layer = 0; layer < gates.length; layer++) {
      z += gates[layer] == 0 ? 0 : gates[layer] * stream.added(row(request), layer)[0];
    }
    double signed = golds.containsKey(request) ? z : -z;
    return new Response.LogLikelihood(-Math.log1p(Math.exp(-signed)), 1, signed > 0);
  }

  private int row(Request request) {
    return Optional.ofNullable(rows.get(request)).orElseThrow();
  }

  @Override
  public Optional<HiddenStates> hiddenStates() {
    return Optional.of(this);
  }

  @Override
  public Optional<ScaledLayers> scaledLayers() {
    return Optional.of(this::answer);
  }

  @Override
  public int width() {
    return width;
  }

  @Override
  public List<float[][]> atLastPromptToken(List<Request> requests, LayerMask mask) {
    check(requests);
    return requests.stream().map(request -> states(row(request), mask)).toList();
  }

  private float[][] states(int row, LayerMask mask) {
    List<float[]> states = new ArrayList<>(List.of(stream.added(row, -1).clone()));
    for (int layer = 0; layer < mask.layers(); layer++) {
      float[] state = Arrays.copyOf(states.get(layer), width);
      float[] added = mask.removes(layer) ? new float[width] : stream.added(row, layer);
      for (int i = 0; i < width; i++) {
        state[i] += added[i];
      }
      states.add(state);
    }
    return states.toArray(float[][]::new);
  }

  @Override
  public void close() {}
}
