package dev.espalier.engine.format.onnx;

import static dev.espalier.contract.ReasonCode.FORMAT_UNSUPPORTED_VERSION;
import static dev.espalier.contract.ReasonCode.MODEL_MALFORMED;

import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.onnx.proto.ModelProto;
import dev.espalier.engine.format.onnx.proto.OperatorSetIdProto;
import java.util.List;

/** Which versions of ONNX are read. */
final class OnnxVersions {
  /** Version 7 made broadcasting and batch normalisation what they are today. */
  static final int OLDEST_OPSET = 7;

  /** The newest that the inference runtime we ship promises to support. */
  static final int NEWEST_OPSET = 26;

  private OnnxVersions() {}

  /** Whether a domain name stands for the operators that ONNX itself defines. */
  static boolean isDefaultDomain(String domain) {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /** The version of the default operator set that a model imports, when it is one we read. */
  static int opset(ModelProto model) {
    List<Long> versions =
        model.getOpsetImportList().stream()
            .filter(set -> isDefaultDomain(set.getDomain()))
            .map(OperatorSetIdProto::getVersion)
            .toList();
    if (versions.size() > 1) {
      throw new Refusal(
          MODEL_MALFORMED,
          "the model imports the default operator set " + versions.size() + " times");
    }
    long version = versions.isEmpty() ? 1 : versions.get(0);
    if (version < OLDEST_OPSET || version > NEWEST_OPSET) {
      throw new Refusal(
          FORMAT_UNSUPPORTED_VERSION,
          "the model uses operator set %d, read are %d to %d: export it again with one of those"
              .formatted(version, OLDEST_OPSET, NEWEST_OPSET));
    }
    return (int) version;
  }
}
