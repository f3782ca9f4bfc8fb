package dev.espalier.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/** The policies that are there without any configuration. */
public final class BuiltInPolicies {
  /** Name of the policy used when nothing else was asked for. */
  public static final String GRADUAL_90 = "gradual-90";

  private BuiltInPolicies() {}

  /** Ninety per cent of the weights by magnitude, in eight cubic steps with recovery. */
  public static Policy gradual90() {
    String resource = "/policies/" + GRADUAL_90 + ".yaml";
    try (InputStream in = BuiltInPolicies.class.getResourceAsStream(resource)) {
      Objects.requireNonNull(in, () -> "the build must package " + resource);
      return PolicyReader.readYaml(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(resource, e);
    }
  }

  /** The built-in policy of that name. */
  public static Optional<Policy> find(String name) {
    return name.equals(GRADUAL_90) ? Optional.of(gradual90()) : Optional.empty();
  }
}
