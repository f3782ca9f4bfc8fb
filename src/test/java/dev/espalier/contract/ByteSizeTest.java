package dev.espalier.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1500000, 1500000",
    "12B, 12",
    "3KiB, 3072",
    "512MiB, 536870912",
    "2GiB, 2147483648",
    "2Gi, 2147483648",
    "1 TiB, 1099511627776"
  })
  void shouldCountBytesWhenAUnitIsGiven(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "2GB", "2G", "1.5GiB", "GiB", "99999999999TiB", "2 Gi B"})
  void shouldRefuseWhenItIsNotASize(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"12, 12 B", "536870912, 512.0 MiB", "2147483648, 2.000 GiB"})
  void shouldBeReadableWhenPrinted(long bytes, String text) {
    assertThat(new ByteSize(bytes)).hasToString(text);
  }
}
