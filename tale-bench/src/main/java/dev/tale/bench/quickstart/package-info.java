/** The quickstart, its re-run, and what is left of it when it is killed. */
@NullMarked
package dev.tale.bench.quickstart;

import org.jspecify.annotations.NullMarked;
