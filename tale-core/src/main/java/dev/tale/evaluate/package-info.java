/**
 * Turns masks into scores: counts, caches, splits the work into units, journals every unit and
 * keeps the outcome of every row, because paired statistics need rows and not means.
 *
 * <p>An {@link dev.tale.evaluate.Objective} is what a search sees: the accuracy of a task, or the
 * weighted mean of several, and the guards that other tasks are. One task without guards is the
 * special case, to the last bit of journals and reports.
 */
package dev.tale.evaluate;
