/**
 * The decisions of a search, as small values: {@link dev.tale.policy.Floor} says which candidates
 * are good enough to go on with, {@link dev.tale.policy.TradeOff} which of the accepted
 * configurations to take.
 */
package dev.tale.policy;
