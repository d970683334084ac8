package dev.herald.ops.metrics;

/**
 * All metrics of the hub, under the names that Prometheus gets. The page {@code src/docs/metrics.md} lists the same.
 * Label values are constants of enums and names of budgets, never client input (decision 200).
 */
enum Metric {
    SUBSCRIBERS(Type.GAUGE, "herald_subscribers", "Open streams, by state."),
    SUBSCRIBERS_LIMIT(Type.GAUGE, "herald_subscribers_limit", "Maximum open streams (herald.sse.max-subscribers)."),
    SELECTORS(Type.GAUGE, "herald_selectors", "Topic selectors of all streams."),
    SELECTOR_BYTES(Type.GAUGE, "herald_selector_bytes", "Estimated memory of the selectors and grants of all streams."),
    SELECTOR_LIMIT(
            Type.GAUGE,
            "herald_selector_limit_bytes",
            "Maximum memory of selectors and grants (herald.sse.max-selector-bytes)."),
    TOPICS(Type.GAUGE, "herald_topics", "Distinct topics that streams select exactly, summed over event loops."),
    TEMPLATES(Type.GAUGE, "herald_templates", "Distinct templates that streams select, summed over event loops."),
    WILDCARDS(Type.GAUGE, "herald_wildcard_subscribers", "Streams that select all topics."),
    PULLING(
            Type.GAUGE,
            "herald_pulling_subscribers",
            "Streams that pull their events from the log, since their selectors or grants are expensive to match."),
    STREAMS_OPENED(Type.COUNTER, "herald_streams_opened_total", "Streams opened, by their way to the socket."),
    STREAMS_OPEN(Type.GAUGE, "herald_streams_open", "Open streams, by their way to the socket."),
    STREAMS_ENDED(Type.COUNTER, "herald_streams_ended_total", "Streams ended, by reason."),
    STREAM_DURATION(Type.COUNTER, "herald_streams_duration_seconds_total", "Sum of the durations of ended streams."),
    DRAINING(Type.GAUGE, "herald_draining", "1 while streams end for a shutdown, else 0."),

    UPDATES_ACCEPTED(Type.COUNTER, "herald_updates_accepted_total", "Updates that were accepted and acknowledged."),
    EVENTS_DELIVERED(
            Type.COUNTER,
            "herald_events_delivered_total",
            "Events written to sockets, once for each stream: live, or replayed from the log."),
    WRITES(Type.COUNTER, "herald_writes_total", "Writes of events to sockets. Events delivered in one turn share one."),
    WRITTEN_BYTES(
            Type.COUNTER, "herald_written_bytes_total", "Bytes of streams written to sockets, after compression."),
    DELIVERY(
            Type.HISTOGRAM,
            "herald_delivery_seconds",
            "Time from the acceptance of an event to its write to the sockets of live streams, for each event loop."),
    CAUGHT_UP(Type.COUNTER, "herald_caught_up_total", "Streams that have read the log to its end and became live."),
    FELL_BEHIND(
            Type.COUNTER,
            "herald_fell_behind_total",
            "Live streams that fell behind, such as slow readers, and continue from the log."),
    LAG(
            Type.GAUGE,
            "herald_lag_events",
            "Positions that the furthest stream that catches up was behind, greatest of the last 30 to 60 s."),
    DELIVERY_LAG(
            Type.GAUGE, "herald_delivery_lag_events", "Positions of the log that an event loop has not delivered yet."),
    GAPS(Type.COUNTER, "herald_gaps_total", "Gaps: events that a stream missed, since the log no longer has them."),
    HEARTBEATS(Type.COUNTER, "herald_heartbeats_total", "Comments sent on idle streams."),
    CURSORS(Type.COUNTER, "herald_cursors_total", "Cursors sent on idle streams."),

    LOOPS(Type.GAUGE, "herald_loops", "Event loops that have or had streams."),
    LOOP_DELAY(
            Type.GAUGE,
            "herald_loop_delay_seconds",
            "Greatest delay of a timer on an event loop with streams, of the last 30 to 60 s."),
    LOOP_TICK_AGE(
            Type.GAUGE,
            "herald_loop_tick_age_seconds",
            "Time since the last timer of the event loop that is stuck longest."),
    MATCHES_WAITING(
            Type.GAUGE, "herald_matches_waiting", "Steps of matching expensive selectors that wait for their thread."),

    PAGES_IN_FLIGHT(Type.GAUGE, "herald_pages_in_flight", "Pages of events between the log and the sockets."),
    PAGES_LIMIT(Type.GAUGE, "herald_pages_in_flight_limit", "Maximum pages in flight."),
    PAGES_WAITING(Type.GAUGE, "herald_pages_waiting", "Pages that wait to be read from the log."),
    PAGES_READ(Type.COUNTER, "herald_pages_read_total", "Pages read from the log, for all streams that share them."),
    PAGES_FAILED(Type.COUNTER, "herald_pages_failed_total", "Pages that could not be read from the log."),

    LOG_WRITABLE(Type.GAUGE, "herald_log_writable", "1 while the log accepts updates, else 0."),
    LOG_HEAD(Type.GAUGE, "herald_log_head_position", "Position of the newest event."),
    LOG_HORIZON(Type.GAUGE, "herald_log_horizon_position", "Position up to which retention has removed events."),
    LOG_EVENTS(Type.GAUGE, "herald_log_events", "Events that the log keeps."),
    LOG_EVENTS_LIMIT(
            Type.GAUGE, "herald_log_events_limit", "Maximum events (herald.log.retention.events); NaN without one."),
    LOG_BYTES(Type.GAUGE, "herald_log_bytes", "Bytes of data, topics and ids of the events that the log keeps."),
    LOG_BYTES_LIMIT(
            Type.GAUGE, "herald_log_limit_bytes", "Maximum bytes (herald.log.retention.bytes); NaN without one."),
    LOG_AGE(Type.GAUGE, "herald_log_oldest_age_seconds", "Age of the oldest event that the log keeps; 0 without one."),
    LOG_AGE_LIMIT(
            Type.GAUGE, "herald_log_age_limit_seconds", "Maximum age (herald.log.retention.age); NaN without one."),
    LOG_COMMIT(Type.HISTOGRAM, "herald_log_commit_seconds", "Time to store one batch of updates."),
    LOG_STORED(Type.COUNTER, "herald_log_stored_events_total", "Events stored."),
    LOG_STORED_BYTES(
            Type.COUNTER, "herald_log_stored_bytes_total", "Bytes of data, topics and ids of the events stored."),
    LOG_TRANSIENT(
            Type.COUNTER, "herald_log_transient_events_total", "Events of active subscriptions, which are not stored."),
    LOG_FAILED(Type.COUNTER, "herald_log_failed_updates_total", "Updates that could not be stored."),
    KEYS(Type.GAUGE, "herald_idempotency_keys", "Idempotency keys that the log keeps."),
    KEYS_LIMIT(
            Type.GAUGE,
            "herald_idempotency_keys_limit",
            "Maximum idempotency keys (herald.publish.max-idempotency-keys, or the share of the memory log)."),
    KEYS_REPEATS(
            Type.COUNTER,
            "herald_idempotency_repeats_total",
            "Publishing requests that got the first answer again, since their key was used before."),
    LOG_QUEUE(Type.GAUGE, "herald_log_queue_updates", "Updates that wait to be stored."),
    LOG_QUEUE_LIMIT(
            Type.GAUGE, "herald_log_queue_updates_limit", "Maximum waiting updates (herald.publish.max-waiting)."),
    LOG_RECENT(Type.GAUGE, "herald_log_recent_events", "Events in memory, from which live streams are served."),
    LOG_FILES(Type.GAUGE, "herald_log_file_bytes", "Size of the log's files; NaN for a log in memory."),
    LOG_FREE(Type.GAUGE, "herald_log_disk_free_bytes", "Free space of the log's file system; NaN for a log in memory."),

    BUDGET_USED(Type.GAUGE, "herald_budget_used_bytes", "Memory in use, by budget."),
    BUDGET_LIMIT(Type.GAUGE, "herald_budget_limit_bytes", "Maximum memory, by budget."),
    BUDGET_REJECTIONS(
            Type.COUNTER, "herald_budget_rejections_total", "Requests for memory that exceeded a budget, by budget."),
    DIRECT_USED(Type.GAUGE, "herald_direct_memory_used_bytes", "Memory outside of the heap that Netty has allocated."),
    DIRECT_LIMIT(Type.GAUGE, "herald_direct_memory_limit_bytes", "Maximum memory outside of the heap for Netty."),

    CONNECTIONS(Type.GAUGE, "herald_connections", "Open connections."),
    CONNECTIONS_LIMIT(
            Type.GAUGE,
            "herald_connections_limit",
            "Maximum open connections, by the limit of open files; 0 before the first connection."),
    CONNECTIONS_ACCEPTED(Type.COUNTER, "herald_connections_accepted_total", "Connections accepted."),
    CONNECTIONS_REJECTED(
            Type.COUNTER,
            "herald_connections_rejected_total",
            "Connections closed at once, since their address had as many as are allowed."),
    CONNECTIONS_ACCEPTING(
            Type.GAUGE, "herald_connections_accepting", "1 while connections are accepted, 0 at their limit."),
    CONNECTIONS_WAITING(
            Type.GAUGE,
            "herald_connections_waiting",
            "Connections without a request: those that await the head of one, and idle ones."),
    CONNECTIONS_WAITING_LIMIT(
            Type.GAUGE,
            "herald_connections_waiting_limit",
            "Maximum connections of each kind without a request, on all event loops in use."),
    CONNECTIONS_CLOSED(
            Type.COUNTER,
            "herald_connections_closed_total",
            "Connections without a request that were closed, by reason."),
    HTTP2_PAUSES(
            Type.COUNTER, "herald_http2_pauses_total", "Pauses of HTTP/2 clients that sent too many control frames."),

    REJECTIONS(
            Type.COUNTER,
            "herald_requests_rejected_total",
            "Rejected requests, by problem type, and by whether they were to publish."),

    TOKENS_ACCEPTED(Type.COUNTER, "herald_tokens_accepted_total", "Valid tokens, each time that one was sent."),
    TOKENS_REJECTED(
            Type.COUNTER,
            "herald_tokens_rejected_total",
            "Requests rejected for their token or for lack of one, by reason."),
    TOKENS_CACHED(Type.GAUGE, "herald_tokens_cached", "Verified tokens in the cache."),
    TOKENS_WAITING(Type.GAUGE, "herald_tokens_waiting", "Tokens that wait for the verification of their signature."),
    TOKENS_WAITING_LIMIT(Type.GAUGE, "herald_tokens_waiting_limit", "Maximum waiting tokens."),
    KEYS_AGE(
            Type.GAUGE,
            "herald_keys_age_seconds",
            "Time since the keys in use were fetched from their issuer, or found in their file; NaN before, and for keys"
                    + " that are a setting."),
    KEYS_FILE_USABLE(
            Type.GAUGE,
            "herald_keys_file_usable",
            "1 if the last read of the key file succeeded, else 0: the previous keys stay in use. NaN for keys that are"
                    + " not in a file."),
    KEYS_FETCHES(Type.COUNTER, "herald_keys_fetches_total", "Fetches of an issuer's keys, by outcome."),

    LIMITED_CLIENTS(
            Type.GAUGE,
            "herald_limited_clients",
            "Clients whose quotas of publishing are in memory, by what names them; NaN without such a limit."),
    LIMITED_CLIENTS_LIMIT(
            Type.GAUGE,
            "herald_limited_clients_limit",
            "Maximum clients in memory: beyond it, the quotas of one that was seen least often begin anew."),
    ADMIN_ACTIONS(Type.COUNTER, "herald_admin_actions_total", "Actions of administrators, by outcome."),
    REVOCATIONS(Type.GAUGE, "herald_revocations", "Revocations of tokens and subjects in force."),

    SUBSCRIPTIONS(Type.GAUGE, "herald_subscriptions", "Active subscriptions that the API lists."),
    SUBSCRIPTIONS_DROPPED(
            Type.COUNTER,
            "herald_subscription_events_dropped_total",
            "Changes of active subscriptions that were not published."),

    SPANS_EXPORTED(Type.COUNTER, "herald_spans_exported_total", "Spans of tracing that the collector has accepted."),
    SPANS_LOST(Type.COUNTER, "herald_spans_lost_total", "Spans of tracing that the collector did not get, by reason.");

    private final Type type;
    private final String id;
    private final String help;

    Metric(Type type, String id, String help) {
        this.type = type;
        this.id = id;
        this.help = help;
    }

    /** Type of a metric, in the words of Prometheus. */
    enum Type {
        GAUGE,
        COUNTER,
        HISTOGRAM
    }

    Type type() {
        return type;
    }

    /** Name for Prometheus. */
    String id() {
        return id;
    }

    /** What is measured, in a sentence. */
    String help() {
        return help;
    }
}
