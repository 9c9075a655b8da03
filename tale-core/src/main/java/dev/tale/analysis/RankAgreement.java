package dev.tale.analysis;

import dev.tale.estimate.Interval;

/**
 * How a measure of importance orders the layers, compared with what their removal costs.
 *
 * @param measure name of the measure
 * @param rows on which rows the loss was measured: {@code held-out} or {@code selection}
 * @param tau Kendall's tau in [-1, 1] against the loss of accuracy without each layer
 * @param interval 95 % interval of tau
 */
public record RankAgreement(String measure, String rows, double tau, Interval interval) {}
