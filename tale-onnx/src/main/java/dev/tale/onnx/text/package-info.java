/**
 * Text to tokens and back, behind one small wall: {@link dev.tale.onnx.text.TextTokenizer} hides
 * the tokenizer library, {@link dev.tale.onnx.text.PromptEncoder} decides where special tokens go
 * and where a prompt ends and its continuation begins, {@link dev.tale.onnx.text.ChatTemplate}
 * writes a conversation as the model's own template has it. Nothing here cuts a text.
 */
package dev.tale.onnx.text;
