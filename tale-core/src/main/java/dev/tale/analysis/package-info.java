/**
 * What is measured of a model's layers for a report, beside the search: importance by several
 * measures, their agreement with what removal costs, information by layer boundary. {@link
 * dev.tale.analysis.AnalysisPlan} says what is taken, and what it costs.
 */
package dev.tale.analysis;
