/**
 * A result as a value, with its provenance, and as text and JSON. Renderers take the immutable
 * {@link dev.tale.report.Report} and nothing else.
 */
package dev.tale.report;
