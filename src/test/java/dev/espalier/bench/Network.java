package dev.espalier.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.espalier.contract.ContractJson;
import dev.espalier.contract.JobSpec.Preprocess;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A network of {@code networks.json}, and what it is trained and judged on.
 *
 * @param name its name
 * @param data its data set, as {@code bench_data.py} names them
 * @param divisor what pixels are divided by
 */
record Network(String name, String data, int divisor) {
  static Network named(String name) {
    try (InputStream file = Network.class.getResourceAsStream("/bench/networks.json")) {
      JsonNode network = ContractJson.mapper().readTree(file).required(name);
      return new Network(
          name, network.required("data").textValue(), network.required("divisor").intValue());
    } catch (IOException e) {
      throw new IllegalStateException("networks.json cannot be read", e);
    }
  }

  Preprocess preprocess() {
    return new Preprocess(1.0 / divisor, List.of(), List.of());
  }
}
