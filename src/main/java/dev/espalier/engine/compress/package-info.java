/** Sizes and compressed forms of the written model: measured, never estimated. */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.compress;
