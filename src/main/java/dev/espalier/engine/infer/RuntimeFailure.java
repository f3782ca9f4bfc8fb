package dev.espalier.engine.infer;

import ai.onnxruntime.OrtException;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.util.regex.Pattern;

/** What ONNX Runtime's errors say about a model or its data. */
final class RuntimeFailure {
  /** What its allocators say, and operators that look before they allocate. */
  private static final Pattern NO_MEMORY =
      Pattern.compile("Failed to allocate memory|would require more than \\d+ bytes");

  private RuntimeFailure() {}

  static Refusal loading(OrtException e) {
    ReasonCode code =
        e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED
            ? ReasonCode.OPERATOR_UNSUPPORTED
            : ReasonCode.MODEL_MALFORMED;
    return new Refusal(code, "ONNX Runtime does not load the model: " + e.getMessage(), e);
  }

  static Refusal running(OrtException e) {
    if (NO_MEMORY.matcher(String.valueOf(e.getMessage())).find()) {
      return new Refusal(
          ReasonCode.DOES_NOT_FIT,
          "the model needs more memory for one batch than there is: " + e.getMessage(),
          e);
    }
    ReasonCode code =
        e.getCode() == OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT
            ? ReasonCode.DATA_MISMATCH
            : ReasonCode.MODEL_MALFORMED;
    return new Refusal(code, "ONNX Runtime cannot run the model: " + e.getMessage(), e);
  }
}
