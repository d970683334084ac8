package dev.herald.guarded;

import java.util.List;
import java.util.Optional;

/** The answer to a {@link Request}, as it came over the wire, one character a byte. */
public record Answer(String text) {

    public int status() {
        return Integer.parseInt(text.split(" ", 3)[1]);
    }

    /** Status line and header, all in lower case. */
    public String head() {
        return text.substring(0, end()).toLowerCase();
    }

    /** Empty for a stream, which has none that ends. */
    public String body() {
        return text.substring(end());
    }

    /** The values of a header, in order. */
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
