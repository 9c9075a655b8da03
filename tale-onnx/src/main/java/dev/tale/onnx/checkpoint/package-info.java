/**
 * Checkpoints as people have them, run without an exporter: {@link
 * dev.tale.onnx.checkpoint.Checkpoint} reads a Hugging Face folder, {@link
 * dev.tale.onnx.checkpoint.DecoderGraph} makes the ONNX graph over the bytes of its own files, and
 * {@link dev.tale.onnx.checkpoint.PrunedCheckpoint} writes the folder without some layers, range by
 * range. Formats: safetensors; architectures: those of {@link
 * dev.tale.onnx.checkpoint.Architecture}, as in transformers 4.57.
 */
@NullMarked
package dev.tale.onnx.checkpoint;

import org.jspecify.annotations.NullMarked;
