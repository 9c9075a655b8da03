/**
 * Values of Jinja 3 templates and what can be done with them: operators, filters, tests, methods
 * and globals, as transformers' sandboxed environment has them. A template cannot make a value or a
 * text without bound.
 */
package dev.tale.onnx.jinja.value;
