/**
 * Intervals and paired tests for accuracies, corrected for the number of looks, and what a
 * selection or a number of rows does to them: numbers in, numbers out.
 */
package dev.tale.stats;
