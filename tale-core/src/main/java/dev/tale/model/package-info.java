/**
 * What every runtime offers and every search needs: masks over layers, requests and responses.
 * {@link dev.tale.model.LayeredModel} is the one interface between Tale and a runtime; what it is
 * asked begins with a {@link dev.tale.model.Prompt}, a text or a conversation.
 */
package dev.tale.model;
