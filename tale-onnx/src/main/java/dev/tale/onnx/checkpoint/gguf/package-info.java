/**
 * GGUF files, the format of llama.cpp, Ollama and others (GGUF specification of ggml, versions 2
 * and 3): {@link dev.tale.onnx.checkpoint.gguf.GgufFile} reads a file's metadata and the places of
 * its tensors, {@link dev.tale.onnx.checkpoint.gguf.GgufFolder} makes a Hugging Face folder of its
 * dequantized numbers, which is run like any other, and {@link
 * dev.tale.onnx.checkpoint.gguf.PrunedGguf} writes a file without some of its blocks, from the
 * original's own bytes.
 */
@NullMarked
package dev.tale.onnx.checkpoint.gguf;

import org.jspecify.annotations.NullMarked;
