/**
 * What a gain is made of. Removing layers can win accuracy in three ways: more answers that count,
 * less preference for one answer, more right ones otherwise; only the last is what people think
 * they get.
 *
 * <p>The rule. Four scores of the same rows, held-out ones if there are any, stand in a row; each
 * part is the rows won from one to the next, so they add up to the gain:
 *
 * <ol>
 *   <li>the unpruned model;
 *   <li>the unpruned model with its answers that do not count replaced by the most likely one of
 *       those that do: the step is <em>format</em>. Multiple choice always has an answer, so there
 *       it is nothing;
 *   <li>the unpruned model choosing by likelihood less a bias for each option, fitted on the rows
 *       that chose the layers: the step is <em>bias</em>;
 *   <li>the pruned model: the step is the <em>rest</em>, with Tango's interval of the difference
 *       between 3 and 4.
 * </ol>
 *
 * <p>Its limits. The order decides what is counted where both would do. Where the valid answers are
 * not known, what the pruned model has right on rows without an answer is all called format, and
 * nothing bias. The interval takes the fitted bias for given. Without held-out rows biases are
 * cross-fitted on the rows that chose the layers, and the rest is too large.
 */
@NullMarked
package dev.tale.gain;

import org.jspecify.annotations.NullMarked;
