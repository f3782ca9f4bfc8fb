package dev.espalier.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Javadoc as a line of Markdown. */
final class JavadocText {
  private final UnaryOperator<String> links;

  /**
   * @param links what a reference, such as {@code #accessKeyFile()}, is called on the page
   */
  JavadocText(UnaryOperator<String> links) {
    this.links = links;
  }

  /** The body of a comment, without its tags. */
  String of(DocCommentTree comment) {
    return of(comment.getFullBody()).replaceAll("\\s+", " ").strip().replace("|", "\\|");
  }

  private String of(List<? extends DocTree> trees) {
    return trees.stream().map(this::of).collect(Collectors.joining());
  }

  private String of(DocTree tree) {
    if (tree instanceof TextTree text) {
      return text.getBody();
    }
    if (tree instanceof EntityTree entity) {
      return entity.toString();
    }
    if (tree instanceof LiteralTree literal) {
      return "`" + literal.getBody().getBody() + "`";
    }
    if (tree instanceof LinkTree link) {
      return "`" + links.apply(link.getReference().getSignature()) + "`";
    }
    throw new AssertionError("the reference pages know no Javadoc such as " + tree);
  }
}
