/**
 * Turns masks into scores: counts, caches, splits the work into units, journals every unit and
 * keeps the outcome of every row, because paired statistics need rows and not means.
 */
package dev.tale.evaluate;
