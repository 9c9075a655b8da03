/** Intervals and paired tests for accuracies: numbers in, numbers out. */
package dev.tale.stats;
