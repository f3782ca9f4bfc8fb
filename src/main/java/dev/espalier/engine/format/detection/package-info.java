/** Which format a file is in, told by its content alone, and the reader that goes with it. */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.detection;
