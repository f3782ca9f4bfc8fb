/**
 * Model files: detection by content, and one bounded, memory-safe reader and writer per format
 * behind {@link dev.espalier.engine.format.SourceModel}. Nothing read here ever names a class, a
 * path or code.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format;
