package dev.tale.evaluate;

import dev.tale.model.LayerMask;

/**
 * A candidate that was asked some rows: what they say of the accuracy on all of them, which is not
 * known.
 *
 * @param mask the removed layers
 * @param correct number of rows answered correctly so far
 * @param notANumber number of rows so far without an answer, see {@link TaskScore#notANumber}
 * @param scored number of rows so far, in [0, total]
 * @param total number of rows, over all tasks
 * @param accuracyAtLeast the accuracy if all rows left are wrong
 * @param accuracyAtMost the accuracy if all rows left are correct
 */
public record Bounds(
    LayerMask mask,
    int correct,
    int notANumber,
    int scored,
    int total,
    double accuracyAtLeast,
    double accuracyAtMost) {}
