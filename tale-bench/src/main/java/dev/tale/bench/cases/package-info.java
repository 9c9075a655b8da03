/**
 * Models and tokenizers of others, each with what it should give: opened, asked, exported and
 * compared.
 */
@NullMarked
package dev.tale.bench.cases;

import org.jspecify.annotations.NullMarked;
