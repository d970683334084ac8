package dev.herald.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;

/** Javadoc of one source file as Markdown, by the names of types and methods. Read with the JDK's own parser. */
final class JavadocText {
    private static final Path SOURCES = Path.of("src", "main", "java");

    private final Map<String, String> texts = new HashMap<>();

    private JavadocText() {}

    /** Reads the source of a top-level type. */
    static JavadocText of(Class<?> type) {
        Path file = SOURCES.resolve(type.getName().replace('.', '/') + ".java");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
            JavadocText text = new JavadocText();
            for (CompilationUnitTree unit : task.parse()) {
                text.new Scanner(DocTrees.instance(task)).scan(unit, null);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Comment of a type, or of a nested one, by its simple name. Empty if it has none. */
    String ofType(String name) {
        return texts.getOrDefault(name, "");
    }

    /** Comment of a method, without its tags. Empty if it has none. */
    String ofMethod(String type, String method) {
        return texts.getOrDefault(type + "." + method, "");
    }

    private final class Scanner extends TreePathScanner<Void, Void> {
        private final DocTrees docs;
        private String type;

        Scanner(DocTrees docs) {
            this.docs = docs;
        }

        @Override
        public Void visitClass(ClassTree tree, Void none) {
            String outer = type;
            type = tree.getSimpleName().toString();
            put(type);
            super.visitClass(tree, none);
            type = outer;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree tree, Void none) {
            put(type + "." + tree.getName());
            return null;
        }

        private void put(String name) {
            DocCommentTree comment = docs.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                texts.put(name, markdown(comment.getFullBody()));
            }
        }
    }

    private static String markdown(List<? extends DocTree> trees) {
        return trees.stream()
                .map(JavadocText::markdown)
                .collect(Collectors.joining())
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String markdown(DocTree tree) {
        if (tree instanceof TextTree text) {
            return text.getBody();
        }
        if (tree instanceof LiteralTree literal) {
            return "`" + literal.getBody().getBody() + "`";
        }
        if (tree instanceof LinkTree link) {
            return "`" + link.getReference().getSignature() + "`";
        }
        return tree.getKind() == DocTree.Kind.START_ELEMENT ? " " : "";
    }
}
