package dev.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.espalier.contract.EngineOutcome.Inspected;
import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.Progress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DisplayTest {
  private static final Inspected MODEL =
      new Inspected(
          ModelFormat.ONNX,
          "pytorch 1.13",
          1_000,
          900,
          200_000L,
          List.of(
              new Inspected.Layer(
                  "conv1.weight", "conv1", List.of(32L, 1L, 3L, 3L), 288, true, 194_688L)),
          Map.of("Conv", 2, "Relu", 3, "Add", 2),
          new Inspected.Supports(true, false, List.of()));

  @Test
  void shouldListOperatorsByFrequencyWhenAModelIsInspected() {
    ObjectNode document = InspectCommand.document(MODEL);

    assertThat(document.fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "format",
            "producer",
            "parameters",
            "nonZero",
            "macs",
            "layers",
            "operators",
            "supports");
    assertThat(document.get("operators").toString())
        .isEqualTo(
            "[{\"name\":\"Relu\",\"count\":3},{\"name\":\"Add\",\"count\":2},"
                + "{\"name\":\"Conv\",\"count\":2}]");
  }

  @Test
  void shouldShowEveryTensorWhenPeopleReadIt() {
    assertThat(InspectText.of(MODEL))
        .contains("onnx by pytorch 1.13")
        .contains("1,000, of which 900 non-zero")
        .contains("Relu x3, Add x2, Conv x2")
        .contains("conv1.weight");
  }

  @Test
  void shouldWriteOneLineAStepWhenThereIsNoTerminal() {
    StringWriter err = new StringWriter();
    try (ProgressDisplay display = new ProgressStepLines(new PrintWriter(err))) {
      display.accept(new Progress.Ready());
      display.accept(new Progress.Advanced(0.1));
      display.accept(new Progress.StepFinished(3, 8, 0.7101, 0.86123));
    }

    assertThat(err.toString().strip()).isEqualTo("step 3/8: sparsity 71.0 %, metric 0.8612");
  }

  @Test
  void shouldShowNothingWhenQuiet() {
    StringWriter err = new StringWriter();
    try (ProgressDisplay display = ProgressDisplay.of(true, new PrintWriter(err))) {
      display.accept(new Progress.StepFinished(1, 1, 0.5, 0.9));
    }

    assertThat(err.toString()).isEmpty();
  }
}
