/**
 * Data files: the rows of JSON Lines, JSON, CSV, TSV and Parquet files, each with its place in its
 * file. {@link dev.tale.data.DataFile} reads every row or refuses the file; it never guesses and
 * never skips.
 */
package dev.tale.data;
