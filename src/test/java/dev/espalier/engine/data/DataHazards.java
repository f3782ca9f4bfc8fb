package dev.espalier.engine.data;

import static dev.espalier.contract.ReasonCode.ARCHIVE_BOMB;
import static dev.espalier.contract.ReasonCode.ARCHIVE_ENTRY_NOT_ALLOWED;
import static dev.espalier.contract.ReasonCode.DATA_MALFORMED;
import static dev.espalier.contract.ReasonCode.DATA_MISMATCH;
import static dev.espalier.contract.ReasonCode.DATA_TOO_FEW;
import static dev.espalier.contract.ReasonCode.LABELS_INVALID;
import static dev.espalier.engine.data.RawNpz.SAMPLES;
import static dev.espalier.engine.data.RawNpz.bytes;
import static dev.espalier.engine.data.RawNpz.floats;
import static dev.espalier.engine.data.RawNpz.header;
import static dev.espalier.engine.data.RawNpz.labels;
import static dev.espalier.engine.data.RawNpz.npy;
import static dev.espalier.engine.data.RawNpz.values;
import static dev.espalier.engine.data.RawNpz.x;
import static dev.espalier.engine.data.RawNpz.y;
import static dev.espalier.engine.data.RawNpz.zip;

import dev.espalier.engine.format.Hazard;
import dev.espalier.engine.format.RawZip;
import dev.espalier.engine.format.RawZip.Entry;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;

/** Data sets, for a model of one input [n, 2] and two classes, that are hostile, broken or odd. */
public final class DataHazards {
  private static final long SYMLINK = 0xA1FFL << 16;
  private static final int ENCRYPTED = 1;
  private static final int BOMB_BYTES = 80 << 20;

  private DataHazards() {}

  /** Those to be refused. */
  public static Stream<Hazard> hazards() {
    return Stream.of(archives(), arrays(), samples()).flatMap(hazards -> hazards);
  }

  private static Stream<Hazard> archives() {
    return Stream.of(
        new Hazard("empty file", DATA_MALFORMED, () -> new byte[0]),
        new Hazard("text", DATA_MALFORMED, "x,y\n1,2\n"::getBytes),
        new Hazard(
            "Java stream", DATA_MALFORMED, () -> new byte[] {(byte) 0xAC, (byte) 0xED, 0, 5}),
        new Hazard("array without an archive", DATA_MALFORMED, RawNpz::x),
        new Hazard("truncated", DATA_MALFORMED, () -> Arrays.copyOf(zip(x(), y()).bytes(), 1_000)),
        new Hazard("no entries", DATA_MISMATCH, () -> new RawZip().bytes()),
        new Hazard("no labels", DATA_MISMATCH, () -> new RawZip().add("x.npy", x()).bytes()),
        new Hazard(
            "name with a path",
            DATA_MISMATCH,
            () -> new RawZip().add("../../x.npy", x()).add("y.npy", y()).bytes()),
        new Hazard("array twice", DATA_MALFORMED, () -> zip(x(), y()).add("x.npy", x()).bytes()),
        new Hazard(
            "symbolic link",
            ARCHIVE_ENTRY_NOT_ALLOWED,
            () -> zip(x(), y()).add(Entry.of("z.npy", x()).attributed(SYMLINK)).bytes()),
        new Hazard(
            "encrypted",
            DATA_MALFORMED,
            () -> zip(x(), y()).add(Entry.of("z.npy", x()).flagged(ENCRYPTED)).bytes()),
        new Hazard(
            "array only in the stream",
            DATA_MALFORMED,
            () -> new RawZip().addToStream(Entry.of("x.npy", x())).add("y.npy", y()).bytes()),
        new Hazard("60,000 entries", ARCHIVE_BOMB, () -> zip(x(), y()).bytes(60_000)),
        new Hazard(
            "64-bit counts without a 64-bit end",
            DATA_MALFORMED,
            () -> zip(x(), y()).bytes(0xFFFF)));
  }

  private static Stream<Hazard> arrays() {
    return Stream.of(
        new Hazard("no array", DATA_MALFORMED, () -> zip("x".getBytes(), y()).bytes()),
        ofHeader("pickled objects", "{'descr': '|O', 'fortran_order': False, 'shape': (400, 2)}"),
        ofHeader("structured", "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (8,)}"),
        ofHeader("complex", "{'descr': '<c8', 'fortran_order': False, 'shape': (400, 2)}"),
        ofHeader("text", "{'descr': '<U4', 'fortran_order': False, 'shape': (400, 2)}"),
        ofHeader("code for a header", "__import__('os').system('true')"),
        ofHeader("no shape", "{'descr': '<f4', 'fortran_order': False}"),
        ofHeader("negative", "{'descr': '<f4', 'fortran_order': False, 'shape': (-4, 2)}"),
        ofHeader(
            "overflow",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 8)}"),
        ofHeader("too many bytes", "{'descr': '<f4', 'fortran_order': False, 'shape': (399, 2)}"),
        ofHeader("too few bytes", "{'descr': '<f4', 'fortran_order': False, 'shape': (401, 2)}"),
        new Hazard(
            "header of 4 GiB",
            DATA_MALFORMED,
            () -> {
              byte[] array = npy(header("<f4", "400, 2"), new byte[3_200]);
              array[6] = 2;
              Arrays.fill(array, 8, 12, (byte) 0xFF);
              return zip(array, y()).bytes();
            }),
        new Hazard(
            "2^40 elements",
            DATA_MISMATCH,
            () -> zip(npy(header("|u1", "1099511627776, 2"), new byte[100]), y()).bytes()),
        new Hazard(
            "zeros",
            ARCHIVE_BOMB,
            () ->
                zip(npy(header("|u1", BOMB_BYTES / 2 + ", 2"), new byte[BOMB_BYTES]), y())
                    .bytes()));
  }

  private static Stream<Hazard> samples() {
    float[] nan = values(2 * SAMPLES);
    nan[5] = Float.NaN;
    float[] infinite = values(2 * SAMPLES);
    infinite[5] = Float.POSITIVE_INFINITY;
    return Stream.of(
        new Hazard(
            "no samples", DATA_TOO_FEW, () -> zip(floats(new float[0], "0, 2"), labels()).bytes()),
        new Hazard(
            "one sample", DATA_TOO_FEW, () -> zip(floats(values(2), "1, 2"), labels(0)).bytes()),
        new Hazard(
            "wrong shape",
            DATA_MISMATCH,
            () -> zip(floats(values(3 * SAMPLES), SAMPLES + ", 3"), y()).bytes()),
        new Hazard("fewer labels than inputs", DATA_MISMATCH, () -> zip(x(), labels(0, 1)).bytes()),
        new Hazard("NaN", DATA_MALFORMED, () -> zip(floats(nan, SAMPLES + ", 2"), y()).bytes()),
        new Hazard(
            "infinity", DATA_MALFORMED, () -> zip(floats(infinite, SAMPLES + ", 2"), y()).bytes()),
        ofLabels("label out of range", 2),
        ofLabels("negative label", -1),
        ofLabels("label of 2^40", 1L << 40),
        new Hazard(
            "labels that are no numbers",
            LABELS_INVALID,
            () -> zip(x(), floats(filled(Float.NaN), SAMPLES + ",")).bytes()),
        new Hazard(
            "one class only", LABELS_INVALID, () -> zip(x(), labels(new long[SAMPLES])).bytes()));
  }

  /** Those that must work. */
  public static Stream<Hazard> allowed() {
    byte[] big = bytes(values(2 * SAMPLES), ByteOrder.BIG_ENDIAN);
    byte[] little = bytes(values(2 * SAMPLES), ByteOrder.LITTLE_ENDIAN);
    return Stream.of(
        Hazard.allowed("plain", () -> zip(x(), y()).bytes()),
        Hazard.allowed(
            "Fortran order",
            () ->
                zip(
                        npy(
                            "{'descr': '<f4', 'fortran_order': True, 'shape': (%d, 2), }"
                                .formatted(SAMPLES),
                            little),
                        y())
                    .bytes()),
        Hazard.allowed(
            "big-endian", () -> zip(npy(header(">f4", SAMPLES + ", 2"), big), y()).bytes()),
        Hazard.allowed(
            "bytes",
            () -> {
              // Rows of zeros and of ones in turn, like the labels.
              byte[] varied = new byte[2 * SAMPLES];
              for (int i = 2; i < varied.length; i += 4) {
                Arrays.fill(varied, i, i + 2, (byte) 1);
              }
              return zip(npy(header("|u1", SAMPLES + ", 2"), varied), y()).bytes();
            }),
        Hazard.allowed("array that is not used", () -> zip(x(), y()).add("z.npy", x()).bytes()));
  }

  private static Hazard ofHeader(String name, String header) {
    return new Hazard(
        "header: " + name, DATA_MALFORMED, () -> zip(npy(header, new byte[3_200]), y()).bytes());
  }

  private static Hazard ofLabels(String name, long label) {
    return new Hazard(
        name,
        LABELS_INVALID,
        () -> {
          long[] labels = new long[SAMPLES];
          labels[7] = label;
          labels[8] = 1;
          return zip(x(), labels(labels)).bytes();
        });
  }

  private static float[] filled(float value) {
    float[] values = new float[SAMPLES];
    Arrays.fill(values, value);
    return values;
  }
}
