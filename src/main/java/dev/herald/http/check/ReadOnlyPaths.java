package dev.herald.http.check;

import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.vertx.http.runtime.VertxHttpBuildTimeConfig;

import dev.herald.http.HubPaths;

/** Paths that can only be read and that no resource serves: files of the page, and paths of Quarkus. Thread-safe. */
@ApplicationScoped
class ReadOnlyPaths {
    private static final String FOLDER = "META-INF/resources";

    /** Names that a file of the page may have, so that no other text is looked up. */
    private static final Pattern FILE = Pattern.compile("(/[a-zA-Z-]{1,30})?/[a-zA-Z-]{1,30}(\\.[a-z]{1,4}){1,2}");

    /** Paths of extensions of Quarkus, below its root. */
    private static final Pattern OF_QUARKUS = Pattern.compile(
            "/(health(/(live|ready|started|well|group(/[^/]*)?))?|metrics(/.*)?|openapi(\\.(json|yaml|yml))?)/?");

    private final String root;
    private final String rootOfQuarkus;

    ReadOnlyPaths(HubPaths paths, VertxHttpBuildTimeConfig config) {
        root = paths.below("");
        String configured = config.nonApplicationRootPath();
        String absolute = configured.startsWith("/") ? configured : root + "/" + configured;
        rootOfQuarkus = absolute.replaceAll("/$", "");
    }

    /** @param path normalised */
    boolean contain(String path) {
        return ofQuarkus(path) || isFile(path);
    }

    /** Whether an extension of Quarkus serves the path. */
    boolean ofQuarkus(String path) {
        return path.startsWith(rootOfQuarkus)
                && OF_QUARKUS.matcher(path.substring(rootOfQuarkus.length())).matches();
    }

    private boolean isFile(String path) {
        if (!path.startsWith(root + "/")) {
            return false;
        }
        String name = path.substring(root.length());
        return name.equals("/")
                || name.equals(HubPaths.CLIENT)
                || FILE.matcher(name).matches()
                        && Thread.currentThread().getContextClassLoader().getResource(FOLDER + name) != null;
    }
}
