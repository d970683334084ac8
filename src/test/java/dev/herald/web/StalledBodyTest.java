package dev.herald.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.memory.Reservation;

import static dev.herald.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/** Tests of invariant 5 over HTTP: bodies that stall must not take the memory of all. */
@QuarkusTest
class StalledBodyTest {
    private static final int BYTES = 900_000;
    private static final int MORE_BYTES = 950_000;

    @Inject
    HeapShares heap;

    private final List<RawConnection> connections = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
        eventually().until(() -> heap.updates().reserved() == 0 && heap.bodies().reserved() == 0);
    }

    private RawConnection stalled(String request, String type, String begin, int bytes) throws IOException {
        RawConnection connection = new RawConnection();
        connections.add(connection);
        return connection.send(request + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type
                + "\r\nContent-Length: 1000000\r\n\r\n" + begin + "x".repeat(bytes - begin.length()));
    }

    /** Stalled senders of some kind take two fifths of a budget of which little else is free. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST /updates|application/json|{\"topic\":\"t\",\"data\":\"|updates|12|503 ",
                "POST /updates|application/x-ndjson|{\"topic\":\"t\",\"data\":{\"a\":\"|updates|12|503 ",
                "POST /message|application/x-www-form-urlencoded|message=|bodies|2|503 ",
                "POST /.well-known/mercure|application/x-www-form-urlencoded|topic=t&data=|bodies|2|503 ",
                "POST /SSE|application/x-www-form-urlencoded|topic=|streams|2|200 ",
                "QUERY /.well-known/mercure|application/x-www-form-urlencoded|topic=|streams|2|200 "
            })
    void invariant5LargestStalledBodyIsRejectedBeforeOthersFindNoRoom(
            String request, String type, String begin, String budget, int factor, String status) throws IOException {
        MemoryBudget memory = budget(budget);
        int senders = Math.toIntExact(memory.limit() * 2 / 5 / factor / BYTES + 1);
        try (Reservation others = new Reservation(memory)) {
            others.grow(memory.limit() - (long) senders * factor * BYTES - (2 << 20));

            RawConnection largest = stalled(request, type, begin, MORE_BYTES);
            for (int i = 1; i < senders; i++) {
                stalled(request, type, begin, BYTES);
            }

            // A stream gets 200, a time to reconnect, and the end (PROTOCOL E8).
            String expected = budget.equals("streams") ? "retry: " : "overloaded";
            assertThat(largest.readUntil(expected))
                    .startsWith("HTTP/1.1 " + status)
                    .endsWith(expected);
        }
    }

    private MemoryBudget budget(String name) {
        return switch (name) {
            case "updates" -> heap.updates();
            case "bodies" -> heap.bodies();
            default -> heap.streams();
        };
    }

    @Test
    void invariant5StalledBodiesThatNobodyMindsAreLeftAlone() throws IOException {
        RawConnection stalled =
                stalled("POST /updates", "application/json", "{\"topic\":\"stalled\",\"data\":\"", 1_000);
        eventually().until(() -> heap.updates().reserved() > 0);

        stalled.send("x".repeat(1_000_000 - 1_002) + "\"}");

        assertThat(stalled.answer()).startsWith("HTTP/1.1 200");
    }
}
