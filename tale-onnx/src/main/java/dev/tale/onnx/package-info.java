/**
 * ONNX models as layered models: {@link dev.tale.onnx.OnnxModel} opens one, {@link
 * dev.tale.onnx.Device} says where it runs.
 */
package dev.tale.onnx;
