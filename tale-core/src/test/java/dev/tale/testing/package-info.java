/** Test support for anyone who uses or implements Tale: a scripted model and a contract test. */
package dev.tale.testing;
