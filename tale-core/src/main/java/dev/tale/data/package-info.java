/**
 * Data files: the rows of JSON Lines, JSON, CSV, TSV and Parquet files, each with its place in its
 * file. {@link dev.tale.data.DataFile} reads every row or refuses the file; it never guesses and
 * never skips.
 *
 * <p>CSV is parsed by FastCSV, which tells where a record began and turns no text into null.
 * Parquet is read by DuckDB, an optional dependency: of the readers without Hadoop it alone runs on
 * Java 17, is kept by a large project, and knows every encoding and codec that Hugging Face files
 * use. It is one jar with native code for the common platforms, and is spoken to in JDBC alone, so
 * any version serves.
 */
package dev.tale.data;
