package dev.espalier.engine.format.dl4j;

import static dev.espalier.contract.ReasonCode.MODEL_HAS_CODE;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import dev.espalier.contract.Refusal;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.Set;

/**
 * The start of {@code normalizer.bin}: magic, version, type. The statistics behind it are carried
 * over unread, but not when loading them would run code: type {@code CUSTOM} names a class.
 */
final class NormalizerHeader {
  private static final Set<String> TYPES =
      Set.of(
          "STANDARDIZE",
          "MIN_MAX",
          "IMAGE_MIN_MAX",
          "IMAGE_VGG16",
          "MULTI_STANDARDIZE",
          "MULTI_MIN_MAX",
          "MULTI_HYBRID");

  private NormalizerHeader() {}

  /** Refuses anything but the normalizers that Deeplearning4j itself defines. */
  static void check(byte[] normalizer) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(normalizer))) {
      String magic = in.readUTF();
      int version = in.readInt();
      String type = in.readUTF();
      if (type.equals("CUSTOM")) {
        throw new Refusal(
            MODEL_HAS_CODE,
            "normalizer.bin is of type CUSTOM and names a class to run: save without normalizer");
      }
      if (!magic.equals("NORMALIZER") || version != 1 || !TYPES.contains(type)) {
        throw new Refusal(MODEL_MALFORMED, "normalizer.bin is not a normalizer we know");
      }
    } catch (IOException e) {
      throw new Refusal(MODEL_MALFORMED, "normalizer.bin is damaged: save the model again", e);
    }
  }
}
