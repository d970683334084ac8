package dev.herald.guarded;

import java.util.List;
import java.util.Optional;

/** Raw response to a {@link Request}, one character per byte. */
public record Answer(String text) {

    public int status() {
        return Integer.parseInt(text.split(" ", 3)[1]);
    }

    /** Status line and header, all in lower case. */
    public String head() {
        return text.substring(0, end()).toLowerCase();
    }

    /** Body; empty for a stream, whose body does not end. */
    public String body() {
        return text.substring(end());
    }

    /** Values of a header, in order. */
    public List<String> headers(String name) {
        String start = name.toLowerCase() + ": ";
        return text.substring(0, end())
                .lines()
                .filter(line -> line.toLowerCase().startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    private int end() {
        int blank = text.indexOf("\r\n\r\n");
        return blank < 0 ? text.length() : blank + 4;
    }
}
