package dev.espalier.engine.surgery;

/** An attribute that says how many there are of some units. */
record AttributeCount(String node, String attribute, Factor units) {}
