package dev.tale.bench.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.importance.LayerScorer;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.ScaledLayers;
import dev.tale.stats.KendallTau;
import dev.tale.task.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How well the gradient of the loss by a layer's gate predicts what closing the gate a little, or
 * wholly, does to the loss: to first order, {@code L(1 - s) - L(1) = -s dL/dg}.
 */
record GateSteps(ScaledLayers model, int layers, Task task) {
  /** By how much a gate is closed; 1 removes the layer. */
  private static final double[] STEPS = {0.02, 0.05, 0.1, 0.25, 0.5, 1};

  private static final double DIFFERENCE = LayerScorer.GATE_STEP;

  /** Opens and closes the gate of each layer alone. */
  ObjectNode json() {
    List<double[]> gates = new ArrayList<>(List.of(gates(0, 0)));
    for (int layer = 0; layer < layers; layer++) {
      gates.add(gates(layer, DIFFERENCE));
      gates.add(gates(layer, -DIFFERENCE));
      for (double step : STEPS) {
        gates.add(gates(layer, step));
      }
    }
    return json(losses(gates));
  }

  private double[] gates(int layer, double step) {
    double[] gates = new double[layers];
    Arrays.fill(gates, 1);
    gates[layer] = 1 - step;
    return gates;
  }

  /** Mean loss in nats under each vector of gates. */
  private double[] losses(List<double[]> gates) {
    List<Request> requests =
        IntStream.range(0, task.size()).<Request>mapToObj(task::goldLikelihood).toList();
    return model.respond(requests, gates).stream().mapToDouble(GateSteps::loss).toArray();
  }

  private static double loss(List<Response> responses) {
    return -responses.stream()
        .mapToDouble(response -> ((Response.LogLikelihood) response).sum())
        .average()
        .orElseThrow();
  }

  private ObjectNode json(double[] losses) {
    int perLayer = STEPS.length + 2;
    double[] derivatives = new double[layers];
    for (int layer = 0; layer < layers; layer++) {
      int first = 1 + layer * perLayer;
      derivatives[layer] = (losses[first + 1] - losses[first]) / (2 * DIFFERENCE);
    }
    ObjectNode node = new ObjectMapper().createObjectNode();
    node.put("rows", task.size());
    node.put("loss", losses[0]);
    ArrayNode gradient = node.putArray("gradient");
    Arrays.stream(derivatives).forEach(gradient::add);
    ArrayNode steps = node.putArray("steps");
    for (int i = 0; i < STEPS.length; i++) {
      double[] changes = new double[layers];
      for (int layer = 0; layer < layers; layer++) {
        changes[layer] = losses[1 + layer * perLayer + 2 + i] - losses[0];
      }
      put(steps.addObject(), STEPS[i], derivatives, changes);
    }
    return node;
  }

  private static void put(ObjectNode node, double step, double[] derivatives, double[] changes) {
    double[] predicted = Arrays.stream(derivatives).map(each -> -step * each).toArray();
    double error = 0;
    double size = 0;
    int sameSign = 0;
    for (int layer = 0; layer < changes.length; layer++) {
      error += Math.abs(changes[layer] - predicted[layer]);
      size += Math.abs(changes[layer]);
      sameSign += changes[layer] * predicted[layer] > 0 ? 1 : 0;
    }
    node.put("step", step);
    node.put("relativeError", error / size);
    node.put("sameSign", sameSign);
    KendallTau.of(predicted, changes).ifPresent(tau -> node.put("tau", tau.value()));
    ArrayNode list = node.putArray("lossChange");
    Arrays.stream(changes).forEach(list::add);
  }
}
