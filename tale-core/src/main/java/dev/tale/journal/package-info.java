/**
 * What survives a crash: every finished {@link dev.tale.journal.WorkUnit} of a search, appended to
 * a file and forced to the device before it counts, tied to what the run depends on. A search that
 * is run again with its journal repeats nothing and ends in the identical result.
 */
package dev.tale.journal;
