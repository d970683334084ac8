package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Commands on the page on operations, which tests run as they are printed there. */
final class OperationsPage {
    private static final Path PAGE = Path.of("src/docs/operations.md");
    private static final Pattern BLOCK = Pattern.compile("^```sh\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

    private OperationsPage() {}

    /** The one block of commands that contains a text. */
    static String block(String text) throws IOException {
        return only(
                text,
                BLOCK.matcher(Files.readString(PAGE))
                        .results()
                        .map((MatchResult block) -> block.group(1))
                        .toList());
    }

    /** The one line that contains a text, in a block of commands. */
    static String line(String text) throws IOException {
        return only(text, block(text).lines().toList());
    }

    private static String only(String text, List<String> candidates) {
        List<String> found =
                candidates.stream().filter(one -> one.contains(text)).toList();
        if (found.size() != 1) {
            throw new AssertionError("'" + text + "' is " + found.size() + " times in " + PAGE + ", not once.");
        }
        return found.get(0);
    }
}
