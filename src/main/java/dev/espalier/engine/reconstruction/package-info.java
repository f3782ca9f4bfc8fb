/**
 * Removing weights of a layer and updating the rest so that its outputs change least. Pure
 * functions; no I/O.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.reconstruction;
