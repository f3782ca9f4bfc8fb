/**
 * Deeplearning4j zip files, parsed without any of Deeplearning4j: strict JSON and a bounded reader
 * of the flat parameter array.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.dl4j;
