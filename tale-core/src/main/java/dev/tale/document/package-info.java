/**
 * A text of sections, and how it is written. A {@link dev.tale.document.Document} is built once, of
 * paragraphs, warnings, tables and charts; {@link dev.tale.document.ConsoleText}, {@link
 * dev.tale.document.MarkdownText} and {@link dev.tale.document.HtmlPage} write it, and know nothing
 * of its subject.
 *
 * <p>The page is filled in from {@code page.html} by Mustache, which escapes every text; the reason
 * that its charts are drawn by hand is given in {@code dev.tale.chart}.
 */
package dev.tale.document;
