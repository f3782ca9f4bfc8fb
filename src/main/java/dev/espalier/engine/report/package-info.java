/** The report: what was done to the model and with what result, as JSON. */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.report;
