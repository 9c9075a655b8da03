/**
 * Plots as SVG: numbers in, one {@code <svg>} element out. Nothing else of Tale is known here, and
 * the package is not exported.
 *
 * <p>The charts of a report are four, drawn from lines, rectangles and texts, so they are drawn by
 * hand. XChart and JFreeChart draw more than is needed, by way of AWT: each brings the desktop
 * module and a second library to write SVG, and what comes out has coordinates and colours baked in
 * where a page that is read in the dark, on paper or aloud needs classes, titles and descriptions.
 *
 * <p>Nothing depends on colour alone: series differ by shape and dash, cells by pattern, border and
 * sign. Colours of series are Okabe and Ito's, those of cells are viridis, both made to be told
 * apart with any colour vision; the page's style sheet names them, see {@code page.html}.
 */
package dev.tale.chart;
