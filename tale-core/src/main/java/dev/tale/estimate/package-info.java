/**
 * Numbers with their uncertainty: what statistics, scores and measurements come to, wherever a user
 * meets them.
 */
package dev.tale.estimate;
