/**
 * Linear maps in the place of removed layers, fitted in closed form: {@link
 * dev.tale.patch.PatchFit}.
 *
 * <p>After ReplaceMe (arXiv 2505.02819), which fits one map for one span and folds it into the
 * weights before it. Here each span of neighbouring layers gets a map of its own, which shrinks
 * towards the plain removal where the texts do not ask for more.
 */
package dev.tale.patch;
