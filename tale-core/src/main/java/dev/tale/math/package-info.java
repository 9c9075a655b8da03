/** Answers to mathematics problems: normalised and compared, strings in, verdicts out. */
package dev.tale.math;
