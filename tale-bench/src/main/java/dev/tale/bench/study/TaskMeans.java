package dev.tale.bench.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.estimate.Interval;
import dev.tale.stats.Bootstrap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of several seeds of several tasks: the mean over tasks of their means over seeds. Seeds
 * of one task have rows in common, so the interval is over the choice of tasks.
 */
final class TaskMeans {
  private static final Bootstrap OVER_TASKS = new Bootstrap(2000, 1);
  private static final double CONFIDENCE = 0.95;
  static final int LEAST_TASKS = 5;

  private final Map<String, List<Double>> byTask = new LinkedHashMap<>();

  void add(String task, double value) {
    byTask.computeIfAbsent(task, key -> new ArrayList<>()).add(value);
  }

  boolean isEmpty() {
    return byTask.isEmpty();
  }

  int tasks() {
    return byTask.size();
  }

  int values() {
    return byTask.values().stream().mapToInt(List::size).sum();
  }

  double mean() {
    return Bootstrap.mean(means());
  }

  private double[] means() {
    return byTask.values().stream().mapToDouble(TaskMeans::mean).toArray();
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  double lowest() {
    return byTask.values().stream().flatMap(List::stream).min(Double::compare).orElseThrow();
  }

  double highest() {
    return byTask.values().stream().flatMap(List::stream).max(Double::compare).orElseThrow();
  }

  /** 95 % over the choice of tasks; empty if there are few, of which resampling tells nothing. */
  Optional<Interval> interval() {
    return tasks() < LEAST_TASKS
        ? Optional.empty()
        : Optional.of(OVER_TASKS.expanded(means(), CONFIDENCE));
  }

  /** Writes the mean, and the interval if there is one. */
  void put(ObjectNode node, String name) {
    node.put(name, mean());
    interval()
        .ifPresent(
            between -> node.putArray(name + "Interval").add(between.low()).add(between.high()));
  }
}
