/** Greedy decoding with key-value caches that go on from run to run as native tensors. */
package dev.tale.onnx.session.decode;
