/**
 * What every runtime offers and every search needs: masks over layers, requests and responses.
 * {@link dev.tale.model.LayeredModel} is the one interface between Tale and a runtime.
 */
package dev.tale.model;
