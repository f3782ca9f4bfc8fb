package dev.espalier.contract;

/** Files beside a result, whatever became of the model. */
public enum ByProduct {
  /** The report as a page for people. */
  REPORT("report.html"),
  /** The whole result, every tensor in it, as JSON. */
  DATA("report.json"),
  /** A model card, as Markdown. */
  MODEL_CARD("model-card.md"),
  /** Where the pruned model comes from, as an in-toto statement; only beside one. */
  ATTESTATION("attestation.json");

  private final String file;

  ByProduct(String file) {
    this.file = file;
  }

  /** The file's name. */
  public String file() {
    return file;
  }
}
