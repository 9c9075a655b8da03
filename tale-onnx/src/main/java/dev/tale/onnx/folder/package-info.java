/**
 * The files beside a graph. {@link dev.tale.onnx.folder.ModelDirectory} is a model as deployed; it
 * is opened, and written anew without some layers, in one step or not at all.
 *
 * <p>Settings that count layers or list them are adjusted ({@code config.json} of Hugging Face,
 * {@code genai_config.json} of onnxruntime-genai), those that would become untrue are refused
 * before a search; what tells of removed layers is written ({@code layers_to_keep.json}, {@code
 * mergekit.yaml}); tokenizers and templates are copied as they were when the model was opened.
 */
package dev.tale.onnx.folder;
