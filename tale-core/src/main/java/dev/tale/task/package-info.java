/**
 * Tasks: rows with known answers, how they are asked, and how the answers are scored, by the rules
 * of lm-evaluation-harness. {@link dev.tale.task.Task} turns its rows into requests and a model's
 * responses into one outcome per row.
 */
package dev.tale.task;
