package dev.espalier.engine.report;

import com.samskivert.mustache.Escapers;
import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.espalier.contract.ByProduct;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The report for people: one page without scripts or addresses, and a model card. */
enum Templates {
  /** The report. */
  REPORT(ByProduct.REPORT, true),
  /** A model card (Mitchell et al. 2019, arXiv:1810.03993), as Markdown. */
  MODEL_CARD(ByProduct.MODEL_CARD, false);

  private final String file;
  private final boolean html;

  Templates(ByProduct byProduct, boolean html) {
    this.file = byProduct.file();
    this.html = html;
  }

  /** Writes the file; what comes from a model or its data is escaped. */
  void write(Page page, Path directory) throws IOException {
    Files.writeString(directory.resolve(file), template().execute(page));
  }

  private Template template() throws IOException {
    try (InputStream resource = Templates.class.getResourceAsStream(file)) {
      if (resource == null) {
        throw new IllegalStateException("no template " + file);
      }
      Reader reader = new InputStreamReader(resource, StandardCharsets.UTF_8);
      return Mustache.compiler()
          .withEscaper(html ? Escapers.HTML : Escapers.simple(new String[] {"|", "\\|"}))
          .defaultValue("")
          .compile(reader);
    }
  }
}
