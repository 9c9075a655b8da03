/**
 * The study: every strategy and every layer-importance measure on every task of nano-llama,
 * held-out rows apart.
 */
@NullMarked
package dev.tale.bench.study;

import org.jspecify.annotations.NullMarked;
