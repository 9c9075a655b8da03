/**
 * Requests in tokens, cut into batches: distinct sequences, those that begin alike together, sorted
 * by length, padded little, within memory. Functions of their arguments: the same call forms the
 * same batches, and work is counted before anything runs.
 */
package dev.tale.onnx.session.batch;
