package dev.herald.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of environment variables: the name of a key (MicroProfile Config, "Environment Variables Mapping Rules"). Also
 * those that Kubernetes sets in every container for a Service called {@code herald} or {@code herald-…}.
 */
final class Variables {
    static final String PREFIX = "HERALD_";

    private static final Pattern NOT_IN_NAME = Pattern.compile("[^A-Za-z0-9]");
    /** Such as the 0 of {@code HERALD_CORS_ORIGINS_0_}. */
    private static final Pattern INDEX = Pattern.compile("_[0-9]+_$");
    /** Such as the profile of {@code _PROD_HERALD_DRAIN}. */
    private static final Pattern PROFILE = Pattern.compile("^_[A-Z0-9]+(?:_[A-Z0-9]+)*?_(?=" + PREFIX + ")");

    /** HERALD_SERVICE_HOST, HERALD_SERVICE_PORT_HTTP, HERALD_PORT_80_TCP, HERALD_PORT_80_TCP_PORT. */
    private static final Pattern OF_A_SERVICE = Pattern.compile("HERALD(_[A-Z0-9_]+)?"
            + "(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    /** HERALD_PORT. Only its value shows whether Kubernetes set it, or an operator who meant the port. */
    private static final Pattern LINK = Pattern.compile("HERALD(_[A-Z0-9_]+)?_PORT");

    private static final Pattern LINK_VALUE = Pattern.compile("(tcp|udp|sctp)://.*");

    private Variables() {}

    /** The variable of a key. */
    static String name(String key) {
        return NOT_IN_NAME.matcher(key).replaceAll("_").toUpperCase(Locale.ROOT);
    }

    /** A variable without a profile and without the index of a list. */
    static String plain(String variable) {
        String name = PROFILE.matcher(name(variable)).replaceFirst("");
        return INDEX.matcher(name).replaceFirst("");
    }

    /** Whether Kubernetes sets this variable, or links of Docker, for a Service of this name. */
    static boolean isOfAService(String variable, String value) {
        String name = name(variable);
        return OF_A_SERVICE.matcher(name).matches()
                || LINK.matcher(name).matches() && LINK_VALUE.matcher(value).matches();
    }
}
