/** Published benchmarks, and the user's own, as tasks: each is a description and a data file. */
package dev.tale.benchmark;
