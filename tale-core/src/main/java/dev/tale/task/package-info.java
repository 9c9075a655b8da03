/**
 * Tasks: rows with known answers, how they are asked, and how the answers are scored, by the rules
 * of lm-evaluation-harness. {@link dev.tale.task.Task} turns its rows into requests and a model's
 * responses into one outcome per row.
 *
 * <p>A row is an {@link dev.tale.task.Example}: choices after a prompt, a continuation after
 * several contexts, or an answer to generate. A {@link dev.tale.task.PromptFormat} puts its prompt
 * together with {@link dev.tale.task.Shots}, a {@link dev.tale.task.ChatFormat} makes a
 * conversation of it, an {@link dev.tale.task.Extraction} takes the answer out of a generated text
 * and a {@link dev.tale.task.Metric} judges. {@link dev.tale.task.DataSplit} and {@link
 * dev.tale.task.Task#split} keep the rows that choose layers from those that report on them.
 */
package dev.tale.task;
