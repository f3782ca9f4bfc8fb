#!/usr/bin/env python3
"""A decoder of model.sparse of its own: written from docs/formats/sparse-archive.md, none of our code.

    unpack_sparse.py MODEL.sparse MODEL

Needs numpy, and zstd: python3-zstandard, or else the C library that every Debian has. Exits 1 with
the reason when the archive is damaged.
"""
import ctypes
import ctypes.util
import hashlib
import struct
import sys

import numpy

PIECE = 1 << 24


def fail(message):
    print("unpack: " + message, file=sys.stderr)
    sys.exit(1)


def library_decoder():
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    zstd.ZSTD_decompress.restype = ctypes.c_size_t
    zstd.ZSTD_decompress.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]

    def decode(frame, length):
        out = ctypes.create_string_buffer(length)
        if zstd.ZSTD_decompress(out, length, frame, len(frame)) != length:
            fail("a frame does not decode")
        return out.raw

    return decode


try:
    import zstandard

    def zstd(frame, length):
        return zstandard.ZstdDecompressor().decompress(frame, max_output_size=length)

except ImportError:
    zstd = library_decoder()


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def bytes(self, count):
        if count < 0 or self.at + count > len(self.data):
            fail("the archive ends early")
        self.at += count
        return self.data[self.at - count : self.at]

    def u32(self):
        return struct.unpack("<I", self.bytes(4))[0]

    def u64(self):
        return struct.unpack("<Q", self.bytes(8))[0]

    def section(self, length):
        """Bytes whose decoded length is known."""
        stored = self.bytes(self.u32())
        return bytes(stored) if len(stored) == length else zstd(bytes(stored), length)

    def array(self, length, dtype):
        return numpy.frombuffer(self.section(length * numpy.dtype(dtype).itemsize), dtype)

    def marked(self, elements, kept):
        """Positions of the elements that are kept."""
        form = self.u32()
        if form == 0:
            bits = numpy.unpackbits(self.array((elements + 7) // 8, "u1"), bitorder="little")
            positions = numpy.flatnonzero(bits)
        elif form == 1:
            gaps = self.array(self.u32(), "u1").astype(numpy.int64)
            ends = gaps != 255
            positions = numpy.cumsum(gaps)[ends] + numpy.arange(numpy.count_nonzero(ends))
        else:
            fail(f"marks of form {form}")
        if len(positions) != kept or (kept and positions[-1] >= elements):
            fail("marks of other elements")
        return positions

    def differences(self, kept):
        smallest, bits = self.u32(), self.u32()
        signs = numpy.unpackbits(self.array((kept + 7) // 8, "u1"), bitorder="little")[:kept]
        words = numpy.zeros(kept, "u4")
        for top in range(bits, 0, -8):
            words |= self.array(kept, "u1").astype("u4") << numpy.uint32(max(0, top - 8))
        return (words + numpy.uint32(smallest)) | signs.astype("u4") << numpy.uint32(31)

    def words(self, elements):
        kept = self.u32()
        positions = self.marked(elements, kept)
        form = self.u32()
        if form == 0:
            values = self.differences(kept)
        elif form == 1:
            palette = numpy.frombuffer(self.bytes(4 * self.u32()), "<u4")
            if len(palette) <= 16:
                pairs = self.array((kept + 1) // 2, "u1")
                indices = numpy.stack([pairs & 15, pairs >> 4], axis=1).reshape(-1)[:kept]
            else:
                indices = self.array(kept, "u1")
            values = palette[indices]
        elif form == 2:
            channels, inner = self.u32(), self.u32()
            scales = self.array(channels, "<f4")
            integers = self.array(kept, "i1").astype("f4")
            values = (integers * scales[positions // inner % channels]).astype("<f4").view("u4")
        else:
            fail(f"words of form {form}")
        words = numpy.zeros(elements, "u4")
        words[positions] = values
        return words

    def elements(self, count, width):
        background, kept = self.u32(), self.u32()
        positions = self.marked(count, kept)
        elements = numpy.full((count, width), background, "u1")
        for b in range(width):
            elements[positions, b] = self.array(kept, "u1")
        return elements.tobytes()


def unpack(data):
    if hashlib.sha256(data[:-32]).digest() != data[-32:]:
        fail("the archive is not as it was written")
    archive = Reader(data[:-32])
    if archive.bytes(8) != b"espalier" or archive.u32() != 2:
        fail("not a sparse archive of version 2")
    length, digest = archive.u64(), archive.bytes(32)
    table = Reader(archive.section(archive.u32()))
    ranges = []
    for _ in range(table.u32()):
        offset, count, width, order = table.u64(), table.u32(), table.u32(), table.u32()
        table.bytes(table.u32())  # the name
        ranges.append((offset, count, width, ">" if order else "<"))

    file = bytearray()

    def pieces(end):
        while len(file) < end:
            file.extend(archive.section(min(PIECE, end - len(file))))

    for offset, count, width, order in ranges:
        pieces(offset)
        if width == 4:
            file.extend(archive.words(count).astype(order + "u4").tobytes())
        else:
            file.extend(archive.elements(count, width))
    pieces(length)
    if archive.at != len(archive.data) or hashlib.sha256(file).digest() != digest:
        fail("the file is not the one that was packed")
    return file


if __name__ == "__main__":
    if len(sys.argv) != 3:
        fail(__doc__)
    with open(sys.argv[1], "rb") as packed:
        model = unpack(packed.read())
    with open(sys.argv[2], "wb") as unpacked:
        unpacked.write(model)
