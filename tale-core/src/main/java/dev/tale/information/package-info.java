/**
 * Estimators of mutual information between states and labels of rows, from numbers alone: probes by
 * logistic regression, in sample as in TALE (arXiv 2510.22767) or cross-validated, and nearest
 * neighbours (Ross, PLoS ONE 9, 2014).
 */
package dev.tale.information;
