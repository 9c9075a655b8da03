/**
 * The decisions of a search, as small values: {@link dev.tale.policy.Floor} says which candidates
 * are good enough to go on with (TALE, arXiv 2510.22767, Algorithm 1), {@link
 * dev.tale.policy.TradeOff} which of the accepted configurations to take, by accuracy and layers or
 * by measured costs; {@link dev.tale.policy.ParetoFront} which of them no other beats in accuracy
 * and latency both.
 *
 * <p>A set of removed layers and what is known of it has three names, here and everywhere:
 *
 * <ul>
 *   <li>{@link dev.tale.evaluate.Configuration}: scored on every row that chooses; on a search's
 *       path with held-out score, comparison, guards and cost. It is made where it is scored, in
 *       {@code evaluate}, so that a search, a trade-off and a report pass on one value.
 *   <li>{@link dev.tale.evaluate.Bounds}: a candidate that was asked fewer rows, whose accuracy is
 *       therefore not known.
 *   <li>{@code dev.tale.PrunedModel}: a configuration of a model that is open, so that it can be
 *       written.
 * </ul>
 *
 * <p>A {@link dev.tale.policy.Verdict} is none of them: it says which position of a path.
 */
package dev.tale.policy;
