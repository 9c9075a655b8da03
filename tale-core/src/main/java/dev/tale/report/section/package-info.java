/**
 * A result told in sections: {@link dev.tale.report.section.ReportContent} puts them together into
 * one document, which the writers of {@code dev.tale.document} write as a page, as Markdown and, in
 * part, on a terminal. {@link dev.tale.report.section.ReportFiles} writes the directory of a
 * report.
 */
package dev.tale.report.section;
