/** Values beside those of PyTorch, of lm-evaluation-harness and of the fixtures' configurations. */
@NullMarked
package dev.tale.bench.check;

import org.jspecify.annotations.NullMarked;
