/**
 * The part of Jinja that chat templates are written in, rendered exactly as Python's Jinja renders
 * it under the settings of Hugging Face transformers ({@code trim_blocks}, {@code lstrip_blocks},
 * the sandbox for immutable values, {@code raise_exception}, {@code strftime_now}, {@code tojson}
 * and the tags {@code generation}, {@code break} and {@code continue}). What is not in that part is
 * refused by name when it is reached, never approximated.
 *
 * <p>Design note: a Java library for Jinja was measured first (jinjava 2.8.4, with every setting
 * that brings it closer to Python). It renders {@code a &#123;% if true %&#125;b} as {@code ab},
 * takes the text {@code "False"} for false, prints {@code xnull} for {@code 'x' + missing}, keeps
 * what a loop's body set for the next turn, and says none of it. One such difference changes every
 * accuracy without a sign. To be exact, a lexer, a parser and operators of our own would have to
 * stand around the library; without it they are a whole, bring no dependency, and leave nothing to
 * break out of: values are texts, numbers, lists and maps, there is no reflection, no file and no
 * clock.
 */
package dev.tale.onnx.jinja;
