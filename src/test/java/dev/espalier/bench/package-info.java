/**
 * The benchmark behind {@code docs/results.md}: real data, networks that PyTorch trained, the
 * product's engine, equal-budget dense controls and PyTorch's own methods beside it. Test scope
 * only: the product never holds it.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.bench;
