/**
 * What was done to the model and with what result: as JSON, as a page, as a model card, as a
 * statement.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.report;
