/**
 * Commands for a model of one's own: prune it for a task, describe it, ask it something. Each is a
 * thin layer over what a Java program would call.
 */
@NullMarked
package dev.tale.bench.prune;

import org.jspecify.annotations.NullMarked;
