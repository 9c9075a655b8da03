/**
 * Text to tokens and back, behind one small wall: {@link dev.tale.onnx.text.TextTokenizer} hides
 * the tokenizer library, {@link dev.tale.onnx.text.PromptEncoder} decides where special tokens go
 * and where a prompt ends and its continuation begins, {@link dev.tale.onnx.text.ChatTemplate}
 * writes a conversation as the model's own template has it. Nothing here cuts a text.
 *
 * <p>Implementation note: the library (Hugging Face's tokenizers 0.21.4 in DJL) answers some of
 * what it cannot do by a Rust panic, which does not unwind through its native layer and so ends the
 * process. Two walls keep that from a caller. The first is {@code TokenizerFile}, a strict reading
 * of {@code tokenizer.json}: every part is of a known type, with known fields in the ranges that
 * the library was read to bear, and consistent with the vocabulary; what the library gets is
 * written anew from what was read. The second is for what a file cannot show, a regular expression
 * that takes too many steps on some text: {@code SafeExpression} lets through only those whose
 * steps grow no faster than the text, counted on its syntax, and each tokenizer refuses texts
 * longer than its expressions and replacements bear. A process of its own for the tokenizer, the
 * alternative, would have let every expression through; but it would need a second JVM beside each
 * open model, with its own start, memory and failures, for expressions that no published model has.
 */
package dev.tale.onnx.text;
