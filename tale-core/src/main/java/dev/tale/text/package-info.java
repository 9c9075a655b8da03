/**
 * Texts of users: regular expressions that end, and excerpts for messages. Strings in, strings and
 * verdicts out.
 */
package dev.tale.text;
