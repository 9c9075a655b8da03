/** The quickstart, measurements and benchmarks of Tale. Never published. */
@NullMarked
package dev.tale.bench;

import org.jspecify.annotations.NullMarked;
