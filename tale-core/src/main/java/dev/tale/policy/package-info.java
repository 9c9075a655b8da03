/**
 * The decisions of a search, as small values: {@link dev.tale.policy.Floor} says which candidates
 * are good enough to go on with, {@link dev.tale.policy.TradeOff} which of the accepted
 * configurations to take, by accuracy and layers or by what was measured of the written models;
 * {@link dev.tale.policy.ParetoFront} which of them no other beats in accuracy and latency both.
 */
package dev.tale.policy;
