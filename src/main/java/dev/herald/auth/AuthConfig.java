package dev.herald.auth;

import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Configuration of who may publish and subscribe. */
@ConfigMapping(prefix = "herald")
public interface AuthConfig {

    /**
     * Whether every client may publish and subscribe without a token. {@code false} in production, where the hub then does
     * not start without a key or anonymous access. {@code true} in dev and test. Private updates always require a token.
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

        /** Required {@code iss} of tokens, compared exactly (RFC 7519 §4.1.1). Default: any, or none. */
        Optional<String> issuer();

        /** Required {@code aud} of tokens, or one of theirs, compared exactly (RFC 7519 §4.1.3). Default: any, or none. */
        Optional<String> audience();

        /** Anonymous access. */
        Anonymous anonymous();

        /** Cookie with the token of a browser. */
        Cookie cookie();
    }

    /** Key for the tokens of publishers or of subscribers: a key, a key file or the URL of an issuer's keys; at most one. */
    interface Keys {

        /**
         * The key: a secret as UTF-8 text, or a public key or certificate in PEM. A secret must be at least as long as the
         * hash of its algorithm (RFC 7518 §3.2): 32 bytes for HS256. Default: none.
         */
        Optional<String> key();

        /**
         * File with a public key or certificate in PEM, or with a secret as bytes; one line break at the end is ignored. It
         * is read at the start, so a new key needs a restart. Default: none.
         */
        Optional<String> keyFile();

        /**
         * URL of an issuer's public keys as a JWK set (RFC 7517): {@code https}, or {@code http} to this machine. The keys
         * are fetched at the start, every ten minutes, and when a token names an unknown key. While the issuer cannot be
         * reached, the known keys stay in use. Default: none.
         */
        Optional<String> jwksUrl();

        /**
         * Accepted algorithms; tokens with another one are rejected. Default: HS256 for a secret, RS256 for RSA, and the
         * algorithm of the curve for elliptic curves; RS256, ES256 and EdDSA for an issuer's keys, which cannot be secrets.
         */
        Optional<List<String>> algorithms();
    }

    /** Anonymous access. */
    interface Anonymous {

        /**
         * Whether public updates can be read without a token. A token that is sent must be valid all the same. Default: as
         * {@code herald.open}.
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
         * Origins, such as {@code https://shop.example}, whose pages may publish with the cookie. Wildcards are not allowed:
         * an attacker who controls a page of one subdomain could publish as every user. Default: none, so that no page can
         * publish in the name of its reader.
         */
        Optional<List<String>> origins();
    }
}
