package dev.espalier.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What the sources of the configuration say beyond what reflection sees: order and comments. Types
 * are known by their simple names.
 */
final class ConfigSource {
  private static final Path DIRECTORY = Path.of("src/main/java/dev/espalier/worker/config");

  private final Map<String, List<Member>> types = new LinkedHashMap<>();

  /** Parses every source of the package; nothing is compiled. */
  ConfigSource() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
            compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8);
        Stream<Path> sources = Files.list(DIRECTORY)) {
      List<Path> paths = sources.filter(f -> f.toString().endsWith(".java")).sorted().toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(paths));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Types(docs).scan(unit, null);
      }
    }
  }

  /** Members of a type in the order they are written. */
  List<Member> members(String type) {
    return types.getOrDefault(type, List.of());
  }

  /** Whether a type is one of the package's interfaces, and so a group of properties. */
  boolean isGroup(String type) {
    return types.containsKey(type);
  }

  /**
   * A method of a mapping.
   *
   * @param type as it is written
   * @param name of the property, without its prefix
   * @param defaultValue as it is written
   */
  record Member(
      String method, String type, String name, Optional<String> defaultValue, DocCommentTree doc) {}

  private final class Types extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees docs;

    Types(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
      if (type.getKind() == com.sun.source.tree.Tree.Kind.INTERFACE) {
        List<Member> members = new ArrayList<>();
        type.getMembers().stream()
            .filter(MethodTree.class::isInstance)
            .map(MethodTree.class::cast)
            .filter(method -> method.getBody() == null)
            .forEach(method -> members.add(member(method)));
        types.put(type.getSimpleName().toString(), members);
      }
      return super.visitClass(type, unused);
    }

    private Member member(MethodTree method) {
      String name = method.getName().toString();
      DocCommentTree doc = docs.getDocCommentTree(new TreePath(getCurrentPath(), method));
      if (doc == null) {
        throw new AssertionError("no Javadoc: " + name);
      }
      return new Member(
          name,
          method.getReturnType().toString(),
          annotation(method, "WithName").orElseGet(() -> kebab(name)),
          annotation(method, "WithDefault"),
          doc);
    }

    private Optional<String> annotation(MethodTree method, String simpleName) {
      return method.getModifiers().getAnnotations().stream()
          .filter(a -> a.getAnnotationType().toString().endsWith(simpleName))
          .map(Types::value)
          .findFirst();
    }

    private static String value(AnnotationTree annotation) {
      ExpressionTree argument = annotation.getArguments().get(0);
      ExpressionTree value =
          argument instanceof AssignmentTree assigned ? assigned.getExpression() : argument;
      return ((LiteralTree) value).getValue().toString();
    }

    private static String kebab(String method) {
      return method.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
  }
}
