package dev.espalier.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules of accessibility (WCAG 2.1, levels A and AA, and good practice), checked inside a page.
 *
 * @see <a href="https://github.com/dequelabs/axe-core">axe-core</a>
 */
public final class Axe {
  private Axe() {}

  /** What the page in the browser breaks, each with the elements that do; empty when nothing. */
  public static List<String> violations(Browser browser) throws IOException {
    try (InputStream script = Axe.class.getResourceAsStream("/axe.min.js")) {
      if (script == null) {
        throw new IOException("axe-core is not on the class path");
      }
      browser.inject(new String(script.readAllBytes(), UTF_8));
    }
    JsonNode found =
        browser.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v =>"
                + " v.impact + ' ' + v.id + ': ' + v.nodes.map(n => n.html.slice(0, 200)).join(' | ')))");
    List<String> violations = new ArrayList<>();
    found.forEach(violation -> violations.add(violation.asText()));
    return violations;
  }
}
