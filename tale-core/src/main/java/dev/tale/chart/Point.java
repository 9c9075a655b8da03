package dev.tale.chart;

import dev.tale.estimate.Interval;

/**
 * A value with its uncertainty at a place of a chart.
 *
 * @param x where it stands
 * @param value the value
 * @param interval where the value may be
 * @param description what is said of it
 */
public record Point(double x, double value, Interval interval, String description) {}
