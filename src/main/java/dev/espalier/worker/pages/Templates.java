package dev.espalier.worker.pages;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The pages; the build checks every expression in them. */
@CheckedTemplate(basePath = "pages")
final class Templates {
  private Templates() {}

  static native TemplateInstance jobs(JobsView view, Frame frame);

  static native TemplateInstance job(JobView view, Frame frame);

  static native TemplateInstance model(ModelView view, Frame frame);

  static native TemplateInstance problem(String title, String message, Frame frame);
}
