/**
 * A result as a value, with its provenance, and as data: JSON, and what is read back of it. {@link
 * dev.tale.report.Report} is the same in every run of a search, {@link dev.tale.report.SearchRun}
 * adds the time and the costs of one; {@link dev.tale.report.WrittenReport} is a result of an
 * earlier process. {@code dev.tale.report.section} tells it to people.
 */
package dev.tale.report;
