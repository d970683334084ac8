package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Netty version of the build. */
final class Netty {
    private static final Pattern VERSION = Pattern.compile("<netty\\.version>([^<]+)</netty\\.version>");

    private Netty() {}

    static String version() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(Path.of("pom.xml")));
        if (!version.find()) {
            throw new IllegalStateException("pom.xml has no property netty.version.");
        }
        return version.group(1);
    }
}
