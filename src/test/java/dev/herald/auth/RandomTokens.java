package dev.herald.auth;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Generator of random texts that resemble tokens: noise, signed tokens, and modified ones. */
final class RandomTokens {
    private static final List<String> FRAGMENTS = List.of(
            "{",
            "}",
            "[",
            "]",
            ":",
            ",",
            "\"",
            "\"alg\"",
            "\"HS256\"",
            "\"ES256\"",
            "\"none\"",
            "\"kid\"",
            "\"crit\"",
            "\"exp\"",
            "\"nbf\"",
            "\"aud\"",
            "\"mercure\"",
            "\"publish\"",
            "\"subscribe\"",
            "\"payload\"",
            "\"*\"",
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "9999999999999999999999",
            "\\u0000",
            "\\ud800",
            "\"{a}\"",
            "\"{+a*,b:3}\"",
            "\u0000",
            "\uFEFF",
            "\uD83D\uDE00",
            " ",
            "\n",
            "é");

    private RandomTokens() {}

    static String next(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> noise(random, 1 + random.nextInt(200));
            case 1 -> part(random) + "." + part(random) + "." + part(random);
            case 2 -> mint(random).token(json(random));
            case 3 -> mint(random).withHeader(json(random)).token(json(random));
            default -> modified(random, mint(random).token(json(random)));
        };
    }

    private static TokenMint mint(Random random) {
        return random.nextInt(20) == 0
                ? TokenMint.of("ES256", KeyPairs.another("first").getPrivate())
                : TokenMint.wellKnown();
    }

    private static String noise(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x1_0000)));
        }
        return text.toString();
    }

    private static String part(Random random) {
        if (random.nextBoolean()) {
            return TokenMint.base64url(json(random));
        }
        byte[] bytes = new byte[random.nextInt(80)];
        random.nextBytes(bytes);
        return random.nextBoolean() ? TokenMint.base64url(bytes) : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Text that is JSON at times, with members of tokens at valid and invalid places. */
    private static String json(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> fragments(random);
            case 1 -> "{\"alg\":" + value(random, 2) + ",\"mercure\":" + value(random, 3) + "}";
            default -> value(random, 4);
        };
    }

    private static String fragments(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append(FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
        return text.toString();
    }

    private static String value(Random random, int depth) {
        int kind = random.nextInt(depth > 0 ? 6 : 4);
        return switch (kind) {
            case 4 -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
            case 5 ->
                "{" + name(random) + ":" + value(random, depth - 1) + "," + name(random) + ":"
                        + value(random, depth - 1) + "}";
            default -> FRAGMENTS.get(7 + random.nextInt(24));
        };
    }

    private static String name(Random random) {
        return FRAGMENTS.get(7 + random.nextInt(14));
    }

    private static String modified(Random random, String token) {
        int at = random.nextInt(token.length());
        return switch (random.nextInt(3)) {
            case 0 -> token.substring(0, at);
            case 1 -> token.substring(0, at) + noise(random, 1) + token.substring(at + 1);
            default -> token.substring(0, at) + noise(random, 3) + token.substring(at);
        };
    }
}
