package dev.herald.limit;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parser of the hops in {@code Forwarded} (RFC 7239 §4) and {@code X-Forwarded-For}. A hop is empty if its address is
 * unknown, obfuscated or malformed.
 */
final class ForwardedHops {
    /** Hops that are considered, from the right: more than proxies stand in a row, and few enough for each request. */
    static final int MAX = 32;

    /**
     * One parameter with what ends it. Unquoted values may have colons and brackets, which RFC 7239 allows in quotes
     * only: several proxies send them.
     */
    private static final Pattern PARAMETER =
            Pattern.compile("[ \\t]*+(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:([^\\s\",;=]*+)"
                    + "|\"((?:[^\"\\\\]|\\\\.)*+)\"))?[ \\t]*+(;|,|\\z)");

    private static final Pattern IPV4_WITH_PORT = Pattern.compile("([0-9.]+)(?::[0-9A-Za-z._-]+)?");
    private static final Pattern IPV6_IN_BRACKETS = Pattern.compile("\\[([0-9A-Fa-f:.]+)](?::[0-9A-Za-z._-]+)?");

    private ForwardedHops() {}

    /** Hops of a field {@code X-Forwarded-For}, the last one first. */
    static List<Optional<InetAddress>> xForwardedFor(List<String> lines) {
        List<Optional<InetAddress>> hops = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            for (int end = line.length(); end >= 0 && hops.size() < MAX; ) {
                int comma = line.lastIndexOf(',', end - 1);
                String hop = line.substring(comma + 1, end).trim();
                if (!hop.isEmpty()) {
                    hops.add(address(hop));
                }
                end = comma;
            }
        }
        return hops;
    }

    /**
     * Hops of a field {@code Forwarded}, the last one first. A malformed line is one unknown hop. A quote that a client
     * leaves open must not hide what a proxy has added behind it.
     */
    static List<Optional<InetAddress>> forwarded(List<String> lines) {
        List<Optional<InetAddress>> hops = new ArrayList<>();
        for (int i = lines.size() - 1; i >= 0 && hops.size() < MAX; i--) {
            hops.addAll(forwarded(lines.get(i)));
        }
        return hops.size() > MAX ? hops.subList(0, MAX) : hops;
    }

    private static List<Optional<InetAddress>> forwarded(String line) {
        List<Optional<InetAddress>> hops = new ArrayList<>();
        Matcher parameter = PARAMETER.matcher(line);
        Element element = new Element();
        int at = 0;
        for (String end = ","; !end.isEmpty(); at = parameter.end()) {
            if (!parameter.region(at, line.length()).lookingAt()) {
                return List.of(Optional.empty());
            }
            element.add(parameter);
            end = parameter.group(4);
            if (!end.equals(";")) {
                element.hop().ifPresent(hops::add);
                element = new Element();
            }
        }
        Collections.reverse(hops);
        return hops;
    }

    /** One element of {@code Forwarded}: the parameters that one proxy has added. */
    private static final class Element {
        private boolean present;
        private int nodes;
        private String node = "";

        void add(Matcher parameter) {
            String name = parameter.group(1);
            present |= name != null;
            if ("for".equalsIgnoreCase(name)) {
                nodes++;
                node = parameter.group(2) != null
                        ? parameter.group(2)
                        : parameter.group(3).replaceAll("\\\\(.)", "$1");
            }
        }

        /** Absent for an empty element, which a list may have (RFC 9110 §5.6.1.2). */
        Optional<Optional<InetAddress>> hop() {
            return present ? Optional.of(nodes == 1 ? address(node) : Optional.empty()) : Optional.empty();
        }
    }

    /** Address of a node, with or without a port (RFC 7239 §6). */
    private static Optional<InetAddress> address(String node) {
        Matcher ipv4 = IPV4_WITH_PORT.matcher(node);
        if (ipv4.matches()) {
            return IpAddress.parse(ipv4.group(1));
        }
        Matcher ipv6 = IPV6_IN_BRACKETS.matcher(node);
        return IpAddress.parse(ipv6.matches() ? ipv6.group(1) : node);
    }
}
