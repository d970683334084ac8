package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Instructions of a Dockerfile, without comments and continuation lines.
 *
 * @param instructions one line each, in order
 */
record Dockerfile(List<String> instructions) {
    private static final Path DIRECTORY = Path.of("src/main/docker");
    private static final Pattern LABEL = Pattern.compile("([a-z.]+)=\"([^\"]*)\"");

    /** Reads a Dockerfile of the project. */
    static Dockerfile read(String name) throws IOException {
        String text = Files.readString(DIRECTORY.resolve(name))
                .replaceAll("(?m)^\\s*#.*\\R", "")
                .replaceAll("\\\\\\R\\s*", "");
        return new Dockerfile(text.lines().filter(line -> !line.isBlank()).toList());
    }

    /** Words of the entry point, which must be in exec form: a shell would not forward SIGTERM. */
    List<String> entryPoint() throws IOException {
        return new ObjectMapper().readValue(argument("ENTRYPOINT"), new TypeReference<List<String>>() {});
    }

    /** The user that the container runs as. */
    String user() {
        return argument("USER");
    }

    /** The base image. */
    String base() {
        return argument("FROM");
    }

    /** Directory in which the entry point is executed. */
    String workingDirectory() {
        return argument("WORKDIR");
    }

    /** The environment variables that the image sets; one twice is an error. */
    Map<String, String> environment() {
        return arguments("ENV")
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    }

    /** The labels of the image, one instruction, with the values in quotes. */
    Map<String, String> labels() {
        return LABEL.matcher(argument("LABEL"))
                .results()
                .collect(Collectors.toMap(label -> label.group(1), label -> label.group(2)));
    }

    /** Paths in the project that are copied into the image. */
    List<Path> copied() {
        return arguments("COPY")
                .map(copy -> Arrays.stream(copy.split(" "))
                        .filter(word -> !word.startsWith("--"))
                        .findFirst()
                        .orElseThrow())
                .map(Path::of)
                .toList();
    }

    private String argument(String instruction) {
        List<String> found = arguments(instruction).toList();
        if (found.size() != 1) {
            throw new AssertionError(instruction + " is there " + found.size() + " times, not once.");
        }
        return found.get(0);
    }

    private Stream<String> arguments(String instruction) {
        String start = instruction + " ";
        return instructions.stream().filter(line -> line.startsWith(start)).map(line -> line.substring(start.length()));
    }
}
