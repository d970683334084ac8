package dev.herald.web;

import java.util.List;
import java.util.stream.Stream;

/** Condition of the header {@code If-None-Match} (RFC 9110 §13.1.2). */
public final class IfNoneMatch {
    private static final String WEAK = "^W/";

    private IfNoneMatch() {}

    /**
     * Whether the client has this version, by the weak comparison that the header requires.
     *
     * @param lines the values of the header, a line each (§5.3); may be empty
     * @param tag entity tag of the answer, weak or strong
     */
    public static boolean matches(List<String> lines, String tag) {
        String opaque = tag.replaceFirst(WEAK, "");
        return lines.stream()
                .flatMap(line -> Stream.of(line.split(",")))
                .map(String::trim)
                .anyMatch(one -> one.equals("*") || one.replaceFirst(WEAK, "").equals(opaque));
    }
}
