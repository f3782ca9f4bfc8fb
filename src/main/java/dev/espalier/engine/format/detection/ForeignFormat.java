package dev.espalier.engine.format.detection;

import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that people give as models which are none, or not of a format that is read. */
enum ForeignFormat {
  PYTORCH(
      "a PyTorch file (.pt, .pth)",
      "it holds weights or code of Python, not the computation; export the model with"
          + " torch.onnx.export"),
  PICKLE(
      "a Python pickle, such as older PyTorch and scikit-learn files",
      "reading it would run code; export the model to ONNX, with torch.onnx.export or skl2onnx"),
  SAFETENSORS(
      "a safetensors file",
      "it holds weights without the computation; load them into the model and export that to ONNX"),
  NUMPY(
      "an array file of NumPy (.npy, .npz)",
      "it holds data, not a model; give it as data, and the model as Keras, ONNX or Deeplearning4j"),
  SAVED_MODEL(
      "a TensorFlow SavedModel or frozen graph (.pb)",
      "save the model as .keras or .h5, or convert it with tf2onnx"),
  TFLITE(
      "a TensorFlow Lite file",
      "prune the model it was converted from, and convert the result; or convert it with tf2onnx"),
  GGUF("a GGUF file", "it holds weights for one runtime; prune the model it was converted from"),
  SPARSE_ARCHIVE("a model.sparse", "unpack it first: espalier unpack FILE.sparse --out FILE");

  /** How the first entry of an archive of PyTorch is called, below a directory of any name. */
  private static final Pattern TORCH_ENTRY =
      Pattern.compile(
          "[^/]+/(data\\.pkl|data/\\d+|constants\\.pkl|version|byteorder|\\.format_version|code/.*|extra/.*)");

  private final String what;
  private final String advice;

  ForeignFormat(String what, String advice) {
    this.what = what;
    this.advice = advice;
  }

  /** What a file that starts like this seems to be; empty where that is not known. */
  static Optional<ForeignFormat> of(byte[] head, String firstEntry) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    if (TORCH_ENTRY.matcher(firstEntry).matches()) {
      return Optional.of(PYTORCH);
    }
    if (firstEntry.endsWith(".npy") || text.startsWith("\u0093NUMPY")) {
      return Optional.of(NUMPY);
    }
    if (firstEntry.endsWith("saved_model.pb") || isSavedModel(head)) {
      return Optional.of(SAVED_MODEL);
    }
    if (text.startsWith("TFL3", Integer.BYTES)) {
      return Optional.of(TFLITE);
    }
    if (text.startsWith("{\"", Long.BYTES) && text.startsWith("\0\0", Long.BYTES - 2)) {
      return Optional.of(SAFETENSORS);
    }
    if (text.startsWith("espalier")) {
      return Optional.of(SPARSE_ARCHIVE);
    }
    if (text.startsWith("GGUF")) {
      return Optional.of(GGUF);
    }
    return head.length > 1 && head[0] == (byte) 0x80 && head[1] > 1 && head[1] < 6
        ? Optional.of(PICKLE)
        : Optional.empty();
  }

  /**
   * A SavedModel starts with its version, 1, and then a message whose first field is a message; an
   * ONNX file with version 1 would have the producer's name there, which starts with no line feed.
   */
  private static boolean isSavedModel(byte... head) {
    int at = 3;
    while (at < head.length && head[at] < 0) {
      at++;
    }
    return at + 1 < head.length
        && head[0] == 0x08
        && head[1] == 1
        && head[2] == 0x12
        && head[at + 1] == 0x0a;
  }

  Refusal refusal() {
    return new Refusal(
        ReasonCode.FORMAT_UNKNOWN, "the model seems to be %s: %s".formatted(what, advice));
  }
}
