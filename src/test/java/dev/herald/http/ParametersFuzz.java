package dev.herald.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.herald.fuzz.FuzzInput;
import dev.herald.fuzz.FuzzTarget;

import static org.assertj.core.api.Assertions.assertThat;

/** Queries and forms: the same names and values as the parser of the WHATWG URL Standard has (§5.1). */
public final class ParametersFuzz implements FuzzTarget {
    @Override
    public void run(FuzzInput input) {
        byte[] body = input.rest();
        String text;
        Parameters parameters;
        try {
            text = Text.form(body);
            parameters = Parameters.parse(text);
        } catch (RequestRejectedException rejected) {
            return;
        }
        Map<String, List<byte[]>> expected = whatwg(text);

        expected.forEach((name, values) -> {
            assertThat(parameters.count(name)).as(name).isEqualTo(values.size());
            assertThat(parameters.allLenient(name))
                    .isEqualTo(values.stream()
                            .map(value -> new String(value, StandardCharsets.UTF_8))
                            .toList());
            assertThat(strict(parameters, name)).isEqualTo(values.stream().allMatch(ParametersFuzz::isUtf8));
        });
        // Any further name is rejected as unknown.
        parameters.rejectUnknown(expected.keySet(), "");
        assertThat(parameters.and(Parameters.parse(text)).count("a")).isEqualTo(2 * parameters.count("a"));
    }

    private static boolean strict(Parameters parameters, String name) {
        try {
            parameters.all(name);
            return true;
        } catch (RequestRejectedException notUtf8) {
            return false;
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        return Arrays.equals(new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8), bytes);
    }

    /** Values by name, one character a byte. */
    private static Map<String, List<byte[]>> whatwg(String latin1) {
        Map<String, List<byte[]>> all = new LinkedHashMap<>();
        for (String sequence : latin1.split("&")) {
            if (!sequence.isEmpty()) {
                int equals = sequence.indexOf('=');
                // An empty name is that of no parameter.
                String name = equals < 0 ? sequence : equals == 0 ? "%00" : sequence.substring(0, equals);
                String value = equals < 0 ? "" : sequence.substring(equals + 1);
                all.computeIfAbsent(
                                new String(decoded(name), StandardCharsets.ISO_8859_1), missing -> new ArrayList<>())
                        .add(decoded(value));
            }
        }
        return all;
    }

    private static byte[] decoded(String latin1) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < latin1.length(); i++) {
            char c = latin1.charAt(i);
            if (c == '%' && i + 2 < latin1.length() && isHex(latin1.charAt(i + 1)) && isHex(latin1.charAt(i + 2))) {
                bytes.write(Integer.parseInt(latin1, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(c == '+' ? ' ' : c);
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isHex(char c) {
        return "0123456789abcdefABCDEF".indexOf(c) >= 0;
    }
}
