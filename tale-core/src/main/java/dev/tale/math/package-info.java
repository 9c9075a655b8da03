/**
 * Answers to mathematics problems: taken out of a text, normalised and compared; strings in,
 * strings and verdicts out. Nothing here knows of tasks or models.
 *
 * <p>What is called after a task of lm-evaluation-harness does what that task does in release
 * 0.4.13, slips included, because published figures depend on them; the classes say where.
 */
package dev.tale.math;
