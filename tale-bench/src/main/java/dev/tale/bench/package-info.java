/**
 * The command line of Tale's measurements. Each room holds the commands of one question: {@code
 * quickstart}, {@code check}, {@code cases}, {@code engine} and {@code study}; {@code command}
 * reads their options. Never published.
 */
@NullMarked
package dev.tale.bench;

import org.jspecify.annotations.NullMarked;
