/**
 * One batch under many masks. The masks are a tree of decisions from the first layer to the last
 * ({@code GateTrie}), walked depth first: the layers that masks have in common run once, with the
 * memory of one path. A greedy round over L layers costs (L - 1) (1 + L / 2) layer-runs instead of
 * L (L - 1). {@code Traversal.oneByOne} is the naive way with the same answers.
 */
package dev.tale.onnx.session.walk;
