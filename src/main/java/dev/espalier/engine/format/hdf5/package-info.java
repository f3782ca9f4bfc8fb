/**
 * HDF5 files, by the <a
 * href="https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html">HDF5 File Format
 * Specification 3.0</a>: a bounded reader of the part that model files use, which believes no
 * address, count or size before checking it, and a writer of files of our own. Knows nothing of
 * models.
 */
@org.jspecify.annotations.NullMarked
package dev.espalier.engine.format.hdf5;
