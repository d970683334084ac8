package dev.herald.settings;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Check of a file that a setting names. */
final class ReadableFile {
    private ReadableFile() {}

    /** Why the file cannot be read, such as "'a' does not exist"; empty if it can. */
    static Optional<String> fault(String path) {
        try {
            Path file = Path.of(path);
            if (Files.notExists(file)) {
                return Optional.of("'" + path + "' does not exist");
            }
            if (Files.isDirectory(file)) {
                return Optional.of("'" + path + "' is a directory");
            }
            return Files.isReadable(file) ? Optional.empty() : Optional.of("'" + path + "' must not be read by it");
        } catch (InvalidPathException e) {
            return Optional.of("'" + path + "' is no path");
        }
    }
}
