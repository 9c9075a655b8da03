/**
 * Task-aware layer elimination: {@link dev.tale.Tale#prune} removes the layers of a model that a
 * task does not need.
 */
package dev.tale;
