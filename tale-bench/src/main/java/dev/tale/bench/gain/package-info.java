/**
 * What gains are made of, where the truth is known and where it is not: scripted models, nano-llama
 * and reviews for a model of one's own. The rule is in {@link dev.tale.gain}.
 */
@NullMarked
package dev.tale.bench.gain;

import org.jspecify.annotations.NullMarked;
