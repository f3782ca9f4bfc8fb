package dev.espalier.contract;

/** The pruned model in another form, beside the file in its own format. */
public record FileCopy(String uri, Sha256 sha256, long bytes) {
  /** Name of the sparse archive. */
  public static final String ARCHIVE = "model.sparse";

  /** Name of the copy as ONNX. */
  public static final String ONNX = "model.onnx";

  FileCopy at(String address) {
    return new FileCopy(address, sha256, bytes);
  }
}
