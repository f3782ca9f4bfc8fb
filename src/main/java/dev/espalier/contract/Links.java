package dev.espalier.contract;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** By-products: the report as a page, with the same as JSON beside it, and where there is one. */
public record Links(
    @Nullable String report, @Nullable String modelCard, @Nullable String attestation) {
  /**
   * The links to what was kept.
   *
   * @param addresses by by-product
   */
  public static Links of(Map<ByProduct, String> addresses) {
    return new Links(
        addresses.get(ByProduct.REPORT),
        addresses.get(ByProduct.MODEL_CARD),
        addresses.get(ByProduct.ATTESTATION));
  }
}
