package dev.tale.report;

/**
 * A plot.
 *
 * @param caption what it shows
 * @param svg the plot as SVG
 */
record Plot(String caption, String svg) {}
