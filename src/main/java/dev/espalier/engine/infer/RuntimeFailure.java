package dev.espalier.engine.infer;

import ai.onnxruntime.OrtException;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;

/** What ONNX Runtime's errors say about a model or its data. */
final class RuntimeFailure {
  private RuntimeFailure() {}

  static Refusal loading(OrtException e) {
    ReasonCode code =
        e.getCode() == OrtException.OrtErrorCode.ORT_NOT_IMPLEMENTED
            ? ReasonCode.OPERATOR_UNSUPPORTED
            : ReasonCode.MODEL_MALFORMED;
    return new Refusal(code, "ONNX Runtime does not load the model: " + e.getMessage(), e);
  }

  static Refusal running(OrtException e) {
    ReasonCode code =
        e.getCode() == OrtException.OrtErrorCode.ORT_INVALID_ARGUMENT
            ? ReasonCode.DATA_MISMATCH
            : ReasonCode.MODEL_MALFORMED;
    return new Refusal(code, "ONNX Runtime cannot run the model: " + e.getMessage(), e);
  }
}
