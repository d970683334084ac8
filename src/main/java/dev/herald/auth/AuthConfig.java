package dev.herald.auth;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

import dev.herald.settings.Range;

/** Configuration of access: authentication and authorization of publishers and subscribers. */
@ConfigMapping(prefix = "herald")
public interface AuthConfig {

    /**
     * Whether every client may publish and subscribe without a token. {@code false} in production, where the hub then
     * does not start without a key or anonymous access. {@code true} in dev and test. Private updates always require a
     * token.
     */
    @WithDefault("false")
    boolean open();

    /** Tokens and anonymous access. */
    Auth auth();

    /** Tokens and anonymous access. */
    interface Auth {

        /** Key that verifies the tokens of publishers. Without one, no token grants publishing. */
        Keys publisher();

        /** Key that verifies the tokens of subscribers. Without one, no token grants private updates. */
        Keys subscriber();

        /**
         * Key that verifies the tokens of administrators, whose claim {@code mercure.admin} must be true. Without one,
         * {@code /admin} does not exist.
         */
        Keys admin();

        /** Required {@code iss} of tokens, compared exactly (RFC 7519 §4.1.1). Default: any, or none. */
        Optional<String> issuer();

        /**
         * Required {@code aud} of tokens, or one of theirs, compared exactly (RFC 7519 §4.1.3). Default: any, or none.
         */
        Optional<String> audience();

        /**
         * Longest time until the expiry ({@code exp}) of a token; one that expires later, or never, is rejected. A bound
         * for how long a stolen token works. Default: none.
         */
        @Range(min = "1s", max = "36500D")
        Optional<Duration> maxLifetime();

        /** Anonymous access. */
        Anonymous anonymous();

        /** Cookie with the token of a browser. */
        Cookie cookie();
    }

    /**
     * Keys for the tokens of publishers, subscribers or administrators. At most one of these is set: the text, the
     * file, or the URL of an issuer.
     */
    interface Keys {

        /**
         * The key: a secret as UTF-8 text, or up to 8 keys as in a key file. A secret must be at least as long as the
         * hash of its algorithm (RFC 7518 §3.2): 32 bytes for HS256. Default: none.
         */
        Optional<String> key();

        /**
         * File with up to 8 keys: public keys or certificates in PEM, or a JWK set (RFC 7517) of public keys or of
         * secrets. Anything else is one secret, as bytes; one line break at the end is ignored. A changed file is read
         * within some seconds, and replaces all keys of the old one. If it cannot be used, the old keys stay in use.
         * Default: none.
         */
        Optional<String> keyFile();

        /**
         * URL of an issuer's public keys as a JWK set (RFC 7517): {@code https}, or {@code http} to this machine. The
         * keys are fetched at the start, every ten minutes, and when a token names an unknown key. While the issuer
         * cannot be reached, the known keys stay in use. Default: none.
         */
        Optional<String> jwksUrl();

        /**
         * Accepted algorithms; tokens with another one are rejected, and so is a key file with a key that fits none.
         * Default: those of the keys at the start: HS256 for a secret, RS256 for RSA, and the algorithm of the curve for
         * elliptic curves. RS256, ES256 and EdDSA for an issuer's keys, which cannot be secrets.
         */
        Optional<List<String>> algorithms();
    }

    /** Anonymous access. */
    interface Anonymous {

        /**
         * Whether public updates can be read without a token. A token that is sent must be valid all the same. Default:
         * as {@code herald.open}.
         */
        Optional<Boolean> subscribe();

        /** Whether updates of all topics can be published without a token. Default: as {@code herald.open}. */
        Optional<Boolean> publish();
    }

    /** Cookie with the token of a browser. */
    interface Cookie {

        /** Name of the cookie. */
        @WithDefault("mercureAuthorization")
        String name();

        /**
         * Origins, such as {@code https://shop.example}, whose pages may publish with the cookie. Wildcards are not
         * allowed: an attacker who controls a page of one subdomain could publish as every user. Default: none, so that
         * no page can publish in the name of its reader.
         */
        Optional<List<String>> origins();
    }
}
