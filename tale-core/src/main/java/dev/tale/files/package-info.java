/**
 * Directories that appear complete or not at all. For the modules of Tale, and exported to them
 * alone.
 */
package dev.tale.files;
