/**
 * The graph without some of its layers, written down: {@link dev.tale.onnx.excise.LayerExcision}.
 * What remains is renumbered from 0, fused norms are fused again, weights that nothing uses are
 * gone, and external weights are copied from file to file under the names that the original has.
 */
package dev.tale.onnx.excise;
