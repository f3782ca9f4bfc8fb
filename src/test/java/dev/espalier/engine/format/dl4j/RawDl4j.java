package dev.espalier.engine.format.dl4j;

import dev.espalier.engine.format.RawZip;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes Deeplearning4j files by hand: a network of one output layer, 2 inputs, 2 outputs. */
final class RawDl4j {
  static final String LAYER =
      """
      {"@class":"org.deeplearning4j.nn.conf.layers.OutputLayer","layerName":"out","nin":2,"nout":2,
       "hasBias":true,"activationFn":
         {"@class":"org.nd4j.linalg.activations.impl.ActivationSoftmax"},
       "lossFn":{"@class":"org.nd4j.linalg.lossfunctions.impl.LossMCXENT"}}
      """;

  private static final String MODE = "MIXED_DATA_TYPES";

  private RawDl4j() {}

  /** A configuration of layers. */
  static String configuration(String... layers) {
    return "{\"confs\":[{\"layer\":" + String.join("},{\"layer\":", layers) + "}]}";
  }

  /** A file. */
  static byte[] file(String configuration, byte[] coefficients) {
    return zip(configuration, coefficients).bytes();
  }

  /** A file that more can be added to. */
  static RawZip zip(String configuration, byte[] coefficients) {
    return new RawZip()
        .add("configuration.json", configuration.getBytes(StandardCharsets.UTF_8))
        .add("coefficients.bin", coefficients);
  }

  /** A file whose layer has one piece of text replaced. */
  static byte[] altered(String from, String to) throws IOException {
    String layer = LAYER.replace(from, to);
    if (layer.equals(LAYER)) {
      throw new IllegalArgumentException("nothing replaced: " + from);
    }
    return file(configuration(layer), coefficients(1, 2, 3, 4, 5, 6));
  }

  /** Sound coefficients. */
  static byte[] coefficients(float... values) throws IOException {
    return coefficients(values.length, "FLOAT", values);
  }

  /** Coefficients that claim a length and a type. */
  static byte[] coefficients(long length, String type, float... values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeUTF(MODE);
    out.writeLong(6);
    out.writeUTF("LONG");
    for (long number : new long[] {1, length, 1, 8192, 1, 'c'}) {
      out.writeLong(number);
    }
    out.writeUTF(MODE);
    out.writeLong(length);
    out.writeUTF(type);
    for (float value : values) {
      out.writeFloat(value);
    }
    return bytes.toByteArray();
  }
}
