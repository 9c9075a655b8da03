/**
 * The engine's speed, work and memory beside PyTorch, ONNX Runtime alone, and its own naive mode.
 */
@NullMarked
package dev.tale.bench.engine;

import org.jspecify.annotations.NullMarked;
