package dev.tale.evaluate;

import dev.tale.model.LayerMask;

/**
 * A set of removed layers and how the model does without them.
 *
 * @param mask the removed layers
 * @param score the outcome of every row
 */
public record Configuration(LayerMask mask, Score score) {}
