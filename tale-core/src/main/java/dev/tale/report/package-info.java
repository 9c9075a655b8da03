/**
 * A result as a value, with its provenance, and as text, JSON, CSV, Markdown and a page with plots.
 * Renderers take immutable values and nothing else.
 *
 * <p>The page is filled in from {@code page.html} by Mustache, which escapes every text; why its
 * plots are drawn by hand is said in {@code dev.tale.chart}.
 */
package dev.tale.report;
