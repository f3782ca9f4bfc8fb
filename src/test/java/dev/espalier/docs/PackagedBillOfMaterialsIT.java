package dev.espalier.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The bill of materials must be that of the files that are shipped. Its plugin works online only:
 * where Maven is offline there is none, or one of an earlier build, and nothing to compare.
 */
class PackagedBillOfMaterialsIT {
  private static final Path TARGET = Path.of("target");

  @Test
  void shouldListEveryLibraryThatIsShippedByItsDigest() throws IOException {
    Map<String, String> listed = new TreeMap<>();
    for (JsonNode component : bill().path("components")) {
      for (JsonNode hash : component.path("hashes")) {
        if (hash.path("alg").asText().equals("SHA-256")) {
          listed.put(hash.path("content").asText(), component.path("purl").asText());
        }
      }
    }

    Map<String, String> shipped = shipped();

    assertThat(shipped).hasSizeGreaterThan(100);
    assertThat(shipped).allSatisfy((digest, file) -> assertThat(listed).containsKey(digest));
    // What only starts development mode is in Maven's tree and not in the package.
    assertThat(Set.copyOf(listed.values()))
        .hasSizeLessThanOrEqualTo(shipped.size() + 1)
        .noneMatch(purl -> purl.contains("deeplearning4j-nn") || purl.contains("junit"));
  }

  @Test
  void shouldNameALicenceForEveryLibrary() throws IOException {
    assertThat(bill().path("components"))
        .filteredOn(component -> component.path("licenses").isEmpty())
        .map(component -> component.path("purl").asText())
        .isEmpty();
  }

  private static JsonNode bill() throws IOException {
    Path bill = TARGET.resolve("bom.json");
    Path program = TARGET.resolve("quarkus-app").resolve("quarkus-run.jar");
    assumeThat(bill).exists();
    assumeThat(Files.getLastModifiedTime(bill)).isGreaterThan(Files.getLastModifiedTime(program));
    return new ObjectMapper().readTree(bill.toFile());
  }

  private static Map<String, String> shipped() throws IOException {
    try (Stream<Path> files = Files.walk(TARGET.resolve("quarkus-app").resolve("lib"))) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .collect(
              Collectors.toMap(
                  PackagedBillOfMaterialsIT::sha256, file -> file.getFileName().toString()));
    }
  }

  private static String sha256(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
