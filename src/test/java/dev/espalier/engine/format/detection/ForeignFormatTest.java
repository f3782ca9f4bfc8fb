package dev.espalier.engine.format.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.espalier.contract.ModelFormat;
import dev.espalier.contract.Reason;
import dev.espalier.contract.ReasonCode;
import dev.espalier.contract.Refusal;
import dev.espalier.engine.format.FormatLimits;
import dev.espalier.engine.format.RawZip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are no models that are read, by how their writers start them. */
class ForeignFormatTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "state/data.pkl, PyTorch",
    "archive/data.pkl, PyTorch",
    "a-net-with-quite-a-long-name-such-as-people-give-their-checkpoints_epoch-012/data.pkl, PyTorch",
    "script/data/0, PyTorch",
    "x.npy, NumPy",
    "saved/saved_model.pb, SavedModel"
  })
  void shouldSayWhatAnArchiveSeemsToBe(String firstEntry, String what) throws IOException {
    byte[] zip = new RawZip().add(RawZip.Entry.of(firstEntry, new byte[10])).bytes();

    assertThat(message(zip)).contains(what);
  }

  /** Starts of files as torch 1.13, numpy, TensorFlow and safetensors write them. */
  @ParameterizedTest
  @CsvSource({
    "80028a0a6cfc9c46f920, Python pickle",
    "8004950a000000000000, Python pickle",
    "934e554d5059010076007b, NumPy",
    "080112e1050ad0020a00, SavedModel",
    "1c00000054464c331200, TensorFlow Lite",
    "47475546030000000000, GGUF",
    "4800000000000000 7b2277 223a, safetensors",
    "657370616c696572 00000001, model.sparse"
  })
  void shouldSayWhatAFileSeemsToBe(String start, String what) throws IOException {
    assertThat(message(HexFormat.of().parseHex(start.replace(" ", "")))).contains(what);
  }

  private String message(byte[] content) throws IOException {
    Path file = directory.resolve("model");
    Files.write(file, content);
    Reason reason = null;
    for (ModelFormat declared : new ModelFormat[] {null, ModelFormat.ONNX, ModelFormat.DL4J}) {
      Refusal refusal =
          catchThrowableOfType(
              Refusal.class, () -> FormatDetector.open(file, declared, FormatLimits.defaults()));
      assertThat(refusal.reason().code()).isEqualTo(ReasonCode.FORMAT_UNKNOWN);
      assertThat(reason == null || reason.equals(refusal.reason())).isTrue();
      reason = refusal.reason();
    }
    assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(reason.message())).isTrue();
    return reason.message();
  }
}
