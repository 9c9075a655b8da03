/** What the tests share: files of the class path on disk. */
package dev.tale.onnx.testing;
