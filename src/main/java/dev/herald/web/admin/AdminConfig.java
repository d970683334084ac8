package dev.herald.web.admin;

import java.util.Optional;
import java.util.OptionalInt;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/** Configuration of the administration. */
@ConfigMapping(prefix = "herald.admin")
public interface AdminConfig {

    /**
     * Port of its own for {@code /admin}, over HTTP/1.1 and HTTP/2. The other ports then answer 404, and this
     * one serves nothing else. Port 0 is a free one, which the log names. Default: none; {@code /admin} is on all ports.
     */
    @Range(min = "0", max = "65535")
    OptionalInt portNumber();

    /**
     * Address of that port. The default is reached from this machine only; in a container that is enough for {@code kubectl
     * port-forward}.
     */
    @WithDefault("127.0.0.1")
    String host();

    /**
     * Certificate of that port. {@code default} is the one of the HTTPS port ({@code quarkus.tls.key-store.*}), any other
     * name stands for {@code quarkus.tls.NAME.key-store.*}. Default: none; that port is not encrypted.
     */
    Optional<String> tls();
}
