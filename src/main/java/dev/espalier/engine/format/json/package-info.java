/** Typed, strict access to the JSON configurations that model files carry. */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.json;
