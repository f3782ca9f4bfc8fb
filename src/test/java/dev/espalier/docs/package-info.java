/**
 * Holds the documentation to the code: reference pages are generated from it, and links, test names
 * and the AsyncAPI document are checked against it.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.docs;
