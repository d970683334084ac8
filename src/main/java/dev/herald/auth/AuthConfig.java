package dev.herald.auth;

import java.util.List;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Who may use the hub. */
@ConfigMapping(prefix = "herald")
public interface AuthConfig {

    /**
     * Whether anyone who reaches the hub may publish and subscribe without a token. {@code false} in production, where the
     * hub then refuses to start until it has keys or is told to let people in without. {@code true} in dev and test.
     * Updates that are private are read with a token only, open or not.
     */
    @WithDefault("false")
    boolean open();

    /** Tokens, and what goes without. */
    Auth auth();

    /** Tokens, and what goes without. */
    interface Auth {

        /** What publishers' tokens are checked with. Without a key nobody can publish with a token. */
        Keys publisher();

        /** What subscribers' tokens are checked with. Without a key nobody can read private updates. */
        Keys subscriber();

        /** What a token's {@code iss} must be, to the letter (RFC 7519 §4.1.1). Default: any, or none. */
        Optional<String> issuer();

        /** What a token's {@code aud} must be or hold, to the letter (RFC 7519 §4.1.3). Default: any, or none. */
        Optional<String> audience();

        /** What goes without a token. */
        Anonymous anonymous();

        /** The cookie in which a browser may bring its token. */
        Cookie cookie();
    }

    /** What tokens of one side are checked with: one of a key, a file with a key, or the address of an issuer's keys. */
    interface Keys {

        /**
         * The key itself: the text of a secret, taken as UTF-8, or a public key or certificate in PEM. Default: none. A
         * secret must be as long as its algorithm's hash (RFC 7518 §3.2): 32 bytes for HS256.
         */
        Optional<String> key();

        /**
         * A file that holds a public key or certificate in PEM, or a secret as its bytes are, but for one line break at
         * the end. Read at the start, so a new key needs a restart. Default: none.
         */
        Optional<String> keyFile();

        /**
         * Where an issuer publishes its public keys as a JWK set (RFC 7517). {@code https}, or {@code http} to this machine.
         * They are fetched at the start, when a token names one that is not known, and anew every ten minutes; while the
         * issuer cannot be reached the known ones serve on. Default: none.
         */
        Optional<String> jwksUrl();

        /**
         * The algorithms that are accepted; a token cannot choose another one. Default: what is usual for the key, HS256
         * for a secret, RS256 for RSA, for elliptic curves what belongs to the curve; RS256, ES256 and EdDSA for an issuer's
         * keys, among which there can be no secret.
         */
        Optional<List<String>> algorithms();
    }

    /** What goes without a token. */
    interface Anonymous {

        /**
         * Whether everybody may read updates that are not private. Default: as {@code herald.open}. A token that is sent
         * must be good even so.
         */
        Optional<Boolean> subscribe();

        /** Whether everybody may publish, to every topic. Default: as {@code herald.open}. */
        Optional<Boolean> publish();
    }

    /** The cookie in which a browser may bring its token. */
    interface Cookie {

        /** Its name. */
        @WithDefault("mercureAuthorization")
        String name();

        /**
         * The origins, such as {@code https://shop.example}, whose pages may publish with the cookie. Default: none, so
         * that no page can publish in the name of its reader. Each is named, without a star: a page of any subdomain, taken
         * over, could publish as every user.
         */
        Optional<List<String>> origins();
    }
}
