/** The command line: the same engine on local files. Only {@code serve} starts the worker. */
@org.jspecify.annotations.NullMarked
package dev.espalier.cli;
