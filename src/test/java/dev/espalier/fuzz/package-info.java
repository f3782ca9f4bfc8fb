/**
 * Fuzzers: readers of everything that comes from outside, fed with what Jazzer makes of our
 * fixtures and hazards. A reader reads or refuses; any other throwable, a hang, or memory beyond
 * the limit of the process is a finding.
 */
package dev.espalier.fuzz;
