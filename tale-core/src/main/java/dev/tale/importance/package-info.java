/**
 * How much each layer matters for a task, by measures that need one or few passes instead of a
 * search, each with its error over the choice of rows.
 *
 * <p>{@link dev.tale.importance.LayerScorer} names them all; {@link
 * dev.tale.importance.LayerScores#agreement} says how far two of them put the layers in the same
 * order. No measure but leave-one-out accuracy asks the task's own metric, and none knows what two
 * layers do together: use them to choose what a search looks at, not in its place.
 *
 * <p>{@link dev.tale.information.InformationEstimator} estimates mutual information, and {@link
 * dev.tale.importance.BottleneckAnalysis} where a model loses it.
 */
package dev.tale.importance;
