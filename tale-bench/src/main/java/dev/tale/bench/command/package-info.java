/** Command lines: options that are read, and those that cannot be. */
@NullMarked
package dev.tale.bench.command;

import org.jspecify.annotations.NullMarked;
