/**
 * How candidates are explored. {@link dev.tale.search.SearchStrategy#greedy} is TALE (arXiv
 * 2510.22767); its rivals are beside it. Every strategy runs on the same {@link
 * dev.tale.evaluate.Objective}: it asks many masks in one call, goes by accuracy as the floor does,
 * accepts nothing that breaks a guard, ends within a budget of layer-forwards, and, being
 * deterministic, is resumed by the journal alone.
 *
 * <p>Where names differ: TALE's validation accuracy is the selection score here, its epsilon
 * belongs to {@link dev.tale.policy.Floor}, and its BEST, BSBA and FINAL are trade-offs over a
 * {@link dev.tale.search.Trajectory}'s path.
 */
package dev.tale.search;
