/**
 * How much each layer matters for a task, by measures that need one or few passes instead of a
 * search.
 */
package dev.tale.importance;
