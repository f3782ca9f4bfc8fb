package dev.espalier.engine.surgery;

/** An axis of an initializer, and the unit of each position. */
record Place(String tensor, int axis, Factor units) {}
