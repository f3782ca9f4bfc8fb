package dev.espalier.engine.format.detection;

import dev.espalier.contract.ModelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Tells formats apart by how files start; whether the rest is sound is for the readers to say. */
final class Signature {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] HDF5 = HEX.parseHex("894844460d0a1a0a");
  private static final byte[] ZIP_ENTRY = HEX.parseHex("504b0304");
  private static final byte[] EMPTY_ZIP = HEX.parseHex("504b0506");

  /** Field 1 of an ONNX model, {@code ir_version}: every exporter writes fields in order. */
  private static final byte ONNX_IR_VERSION = 0x08;

  /** Where the header of a zip file's entry has the length of its name (APPNOTE 4.3.7). */
  private static final int LENGTH_AT = 26;

  private static final int NAME_AT = 30;

  /** Enough for the longest name looked at, that of an archive of PyTorch's below its directory. */
  private static final int HEAD_BYTES = NAME_AT + 256;

  private static final long FIRST_USER_BLOCK = 512;

  private Signature() {}

  /**
   * The format that the file's first bytes belong to.
   *
   * @throws dev.espalier.contract.Refusal {@code format-unknown} when they belong to one that is
   *     known and not read
   */
  static Optional<ModelFormat> of(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(HEAD_BYTES);
    }
    if (starts(head, HDF5)) {
      return Optional.of(ModelFormat.KERAS_H5);
    }
    Optional<ForeignFormat> foreign = ForeignFormat.of(head, firstEntry(head));
    if (foreign.isPresent()) {
      throw foreign.get().refusal();
    }
    if (starts(head, ZIP_ENTRY) || starts(head, EMPTY_ZIP)) {
      return Optional.of(isKeras(head) ? ModelFormat.KERAS_V3 : ModelFormat.DL4J);
    }
    if (head.length > 1 && head[0] == ONNX_IR_VERSION && head[1] > 0) {
      return Optional.of(ModelFormat.ONNX);
    }
    return isAfterUserBlock(file) ? Optional.of(ModelFormat.KERAS_H5) : Optional.empty();
  }

  /** HDF5 lets anything stand before the file proper, in 512 bytes or a power of two more. */
  private static boolean isAfterUserBlock(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      for (long at = FIRST_USER_BLOCK; at < channel.size(); at *= 2) {
        ByteBuffer found = ByteBuffer.allocate(HDF5.length);
        channel.read(found, at);
        if (starts(found.array(), HDF5)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Keras writes {@code metadata.json}, {@code config.json} and {@code model.weights.h5}. */
  private static boolean isKeras(byte... head) {
    String name = firstEntry(head);
    return name.startsWith("metadata.json")
        || name.startsWith("config.json")
        || name.startsWith("model.weights.h5");
  }

  /** Name of a zip file's first entry, as far as it was read; empty where it is none. */
  private static String firstEntry(byte... head) {
    if (!starts(head, ZIP_ENTRY) || head.length < NAME_AT) {
      return "";
    }
    int length =
        Byte.toUnsignedInt(head[LENGTH_AT]) | (Byte.toUnsignedInt(head[LENGTH_AT + 1]) << 8);
    return new String(
        head, NAME_AT, Math.min(length, head.length - NAME_AT), StandardCharsets.ISO_8859_1);
  }

  private static boolean starts(byte[] head, byte... signature) {
    return head.length >= signature.length
        && Arrays.equals(head, 0, signature.length, signature, 0, signature.length);
  }
}
