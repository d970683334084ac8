package dev.herald.web.quick;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests of the modules of the JavaScript client, and of the one that they are joined into. */
class ClientSourceTest {
    private static final Path FOLDER = Path.of("src", "main", "resources", "client");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import \\{ (.+) } from '\\./(\\w+)\\.js';$");
    private static final Pattern EXPORTS = Pattern.compile("(?m)^export (?:\\{ (.+) };|class (\\w+) .*)$");
    private static final Pattern DECLARED =
            Pattern.compile("(?m)^(?:export )?(?:class|(?:async )?function|const|let) (\\w+)");

    private static List<Path> modules() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.toList();
        }
    }

    private static Stream<MatchResult> in(Path module, Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(module)).results();
    }

    @Test
    void allModulesAreJoinedAndNothingElseIsLeftOut() throws IOException {
        String joined = ClientSource.read();

        for (Path module : modules()) {
            String code = Files.readString(module)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.matches("//.*|/\\*\\*.*|\\*|\\* .*|\\*/|import .*|export \\{.*"))
                    .collect(Collectors.joining("\n"))
                    .strip();
            assertThat(joined.lines().map(String::strip).collect(Collectors.joining("\n")))
                    .as("%s", module)
                    .contains(code);
        }
        assertThat(joined.lines().skip(1)).noneMatch(line -> line.matches("\\s*(?://|/\\*|\\*[ /]|import ).*"));
    }

    /** They are in one scope once they are joined. */
    @Test
    void noTwoModulesDeclareTheSameName() {
        List<String> names = DECLARED.matcher(ClientSource.read())
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(names).hasSizeGreaterThan(20).doesNotHaveDuplicates();
    }

    @Test
    void modulesImportWhatOthersExport() throws IOException {
        for (Path module : modules()) {
            for (MatchResult line : in(module, IMPORT).toList()) {
                Set<String> exported = in(FOLDER.resolve(line.group(2) + ".js"), EXPORTS)
                        .flatMap(match -> names(match.group(1) == null ? match.group(2) : match.group(1)))
                        .collect(Collectors.toSet());

                assertThat(names(line.group(1))).as("%s", module).isSubsetOf(exported);
            }
        }
    }

    private static Stream<String> names(String list) {
        return Stream.of(list.split(", "));
    }
}
