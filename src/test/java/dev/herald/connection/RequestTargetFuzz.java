package dev.herald.connection;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/** Escaping of request targets: idempotent, into the characters of RFC 3986, with the bytes that a browser means. */
public final class RequestTargetFuzz implements FuzzTarget {
    @Override
    public void run(FuzzInput input) {
        boolean http2 = input.number(2) == 1;
        String target = http2 ? input.text() : input.latin1();

        String escaped = RequestTarget.escaped(target);

        assertThat(RequestTarget.escaped(escaped)).isEqualTo(escaped);
        assertThat(escaped.chars().allMatch(c -> c > ' ' && c < 0x7f && "\"<>\\^`{|}[]".indexOf(c) < 0))
                .isTrue();
        assertThat(decoded(escaped)).isEqualTo(decoded(target));
    }

    /** Bytes as the WHATWG URL Standard decodes them (percent-decode). Text beyond Latin-1 is UTF-8. */
    private static byte[] decoded(String target) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < target.length(); i += Character.charCount(target.codePointAt(i))) {
            int c = target.codePointAt(i);
            if (c > 0xff) {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            } else if (c == '%' && isEscape(target, i)) {
                bytes.write(Integer.parseInt(target, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isEscape(String text, int at) {
        return at + 2 < text.length() && isHex(text.charAt(at + 1)) && isHex(text.charAt(at + 2));
    }

    private static boolean isHex(char c) {
        return "0123456789abcdefABCDEF".indexOf(c) >= 0;
    }
}
