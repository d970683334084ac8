package dev.herald.web.history;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

import dev.herald.auth.Authenticator;
import dev.herald.auth.Grants;
import dev.herald.http.Clients;
import dev.herald.http.Credentials;
import dev.herald.http.ProblemType;
import dev.herald.http.RequestLoop;
import dev.herald.http.RequestRejectedException;
import dev.herald.hub.Hub;
import dev.herald.hub.Subscription;
import dev.herald.memory.HeapShares;
import dev.herald.memory.MemoryBudget;
import dev.herald.web.AnswerMemory;
import dev.herald.web.AnswerSender;
import dev.herald.web.DirectAnswer;
import dev.herald.web.IfNoneMatch;
import dev.herald.web.RequestHead;
import dev.herald.web.RosteredStreams;
import dev.herald.web.RosteredStreams.Visitor;

/**
 * Answers to requests for past events (PROTOCOL Q16), for readers with the grants and positions of streams. Used on the
 * request's event loop.
 */
@ApplicationScoped
public class History {
    /** Media type of one event a line. */
    public static final String LINES = "application/x-ndjson";

    /** Size at which a document is full, in bytes. */
    private static final int PAGE_BYTES = 256 << 10;

    private static final String VARY = "Origin, Accept, Authorization, Cookie, Last-Event-ID";

    private final Authenticator authenticator;
    private final Credentials credentials;
    private final Reading.Services services;
    private final AnswerSender sender;
    private final MemoryBudget requests;
    private final MemoryBudget answers;

    public History(
            Hub hub,
            Authenticator authenticator,
            Credentials credentials,
            Clients clients,
            RosteredStreams streams,
            HistoryThreads threads,
            AnswerSender sender,
            HeapShares heap) {
        this.authenticator = authenticator;
        this.credentials = credentials;
        this.services = new Reading.Services(hub, clients, streams, threads);
        this.sender = sender;
        this.requests = heap.streams();
        this.answers = heap.history();
    }

    /**
     * Answers with a document.
     *
     * @param parser may throw, which is reported only to a client whose token is valid
     * @return completes on the request's event loop
     */
    public CompletionStage<RestResponse<DirectAnswer>> page(
            RoutingContext context, Function<HttpServerRequest, HistoryRequest> parser) {
        Query query = new Query(context, parser);
        limitCaching(context.response(), query.token.isPresent(), !query.waits());
        return query.answer((request, reading, memory) -> {
            if (reading.isExpensive()) {
                reading.occupySlot();
            }
            int limit = request.limit().orElse(HistoryRequest.DEFAULT_LIMIT);
            List<String> known = context.request().headers().getAll(HttpHeaders.IF_NONE_MATCH);
            return first(context, request, reading, limit, PAGE_BYTES)
                    .thenCompose(chunk -> reading.page(chunk, sender))
                    .thenApply(page -> request.waits() ? document(page) : versioned(page, known));
        });
    }

    /** Answers with one event a line; otherwise as {@link #page}. */
    public CompletionStage<RestResponse<DirectAnswer>> lines(
            RoutingContext context, Function<HttpServerRequest, HistoryRequest> parser) {
        Query query = new Query(context, parser);
        limitCaching(context.response(), query.token.isPresent(), false);
        return query.answer((request, reading, memory) -> {
            if (isHead(context)) {
                return CompletableFuture.completedStage(inLines(DirectAnswer.HEAD_ONLY));
            }
            reading.occupySlot();
            // The batch in which a chunk becomes full belongs to it.
            reading.reserveChunk(2 * HistoryLines.CHUNK_BYTES);
            int limit = request.limit().orElse(Integer.MAX_VALUE);
            return first(context, request, reading, limit, HistoryLines.CHUNK_BYTES)
                    .thenApply(chunk -> inLines(new HistoryLines(reading, chunk, sender, memory, limit)));
        });
    }

    private static CompletionStage<Chunk> first(
            RoutingContext context, HistoryRequest request, Reading reading, int limit, int fullBytes) {
        CompletionStage<Chunk> first = reading.first(limit, fullBytes);
        return request.waits() && !isHead(context)
                ? first.thenCompose(chunk -> reading.orWait(chunk, request.maxWait(), limit, fullBytes))
                : first;
    }

    private static boolean isHead(RoutingContext context) {
        return context.request().method().equals(HttpMethod.HEAD);
    }

    /**
     * Sets who may store the answer. A cache may keep a document if it asks the hub before each use: events are purged,
     * and retention removes them.
     *
     * @param identified whether the request has a token
     * @param storable whether it can be asked for again
     */
    private static void limitCaching(HttpServerResponse response, boolean identified, boolean storable) {
        response.putHeader(HttpHeaders.VARY, VARY);
        if (!response.headers().contains(HttpHeaders.CACHE_CONTROL)) {
            response.putHeader(
                    HttpHeaders.CACHE_CONTROL, (identified ? "private, " : "") + (storable ? "no-cache" : "no-store"));
        }
    }

    private static RestResponse<DirectAnswer> inLines(DirectAnswer lines) {
        return ResponseBuilder.ok(lines, LINES).build();
    }

    private static RestResponse<DirectAnswer> document(HistoryPage page) {
        return ResponseBuilder.<DirectAnswer>ok(page, MediaType.APPLICATION_JSON)
                .build();
    }

    private static RestResponse<DirectAnswer> versioned(HistoryPage page, List<String> known) {
        ResponseBuilder<DirectAnswer> answer = IfNoneMatch.matches(known, page.tag())
                ? ResponseBuilder.create(Status.NOT_MODIFIED)
                : ResponseBuilder.ok(page, MediaType.APPLICATION_JSON);
        return answer.header(HttpHeaders.ETAG.toString(), page.tag()).build();
    }

    /** Request whose client is not verified yet. */
    private final class Query {
        private final RoutingContext context;
        private final RequestLoop loop = new RequestLoop();
        private final Optional<String> token;
        private final CompletableFuture<HistoryRequest> parsed;
        private Reading reading;
        private boolean ended;

        Query(RoutingContext context, Function<HttpServerRequest, HistoryRequest> parser) {
            this.context = context;
            // Now: the client may disconnect while its token is verified.
            context.addEndHandler(end -> leave());
            this.token = credentials.ofReader(context.request());
            this.parsed = parse(context.request(), parser);
        }

        /** A failure is reported only after the token is verified: 401 comes before 400. */
        private static CompletableFuture<HistoryRequest> parse(
                HttpServerRequest request, Function<HttpServerRequest, HistoryRequest> parser) {
            try {
                return CompletableFuture.completedFuture(parser.apply(request));
            } catch (RuntimeException rejection) {
                return CompletableFuture.failedFuture(rejection);
            }
        }

        private void leave() {
            ended = true;
            if (reading != null) {
                reading.leave();
            }
        }

        boolean waits() {
            return isValid() && parsed.join().waits();
        }

        private boolean isValid() {
            return !parsed.isCompletedExceptionally();
        }

        CompletionStage<RestResponse<DirectAnswer>> answer(Format format) {
            boolean required = isValid() && parsed.join().stream().tokenRequired();
            return loop.onLoop(required ? authenticator.subscriberByToken(token) : authenticator.subscriber(token))
                    .thenCompose(grants -> parsed.thenCompose(request -> answer(request, grants, format)))
                    .exceptionallyCompose(failure -> CompletableFuture.failedStage(cause(failure)));
        }

        private CompletionStage<RestResponse<DirectAnswer>> answer(
                HistoryRequest request, Grants grants, Format format) {
            Visitor visitor = services.streams().visitor(context.request(), token, grants);
            Subscription subscription = subscription(request, grants, visitor);
            AnswerMemory head = new AnswerMemory(requests);
            AnswerMemory answer = new AnswerMemory(answers);
            reading = new Reading(
                    services, context, loop, new Reading.Client(grants, visitor), subscription, head, answer);
            if (ended) {
                leave();
            }
            if (!head.grow(subscription.startingBytes())) {
                throw new RequestRejectedException(
                        ProblemType.OVERLOADED, "The hub has too little memory for this request. Retry later.");
            }
            return loop.onLoop(format.answer(request, reading, answer));
        }

        private Subscription subscription(HistoryRequest request, Grants grants, Visitor visitor) {
            return new Subscription(
                    request.stream().selectors(),
                    grants.subscribe(),
                    request.stream().lastEventId(),
                    request.stream().since(),
                    true,
                    false,
                    grants.expiry(),
                    grants.payload(),
                    RequestHead.heapBytes(context.request())
                            + RequestHead.RESPONSE_BYTES
                            + services.clients().streamBytes()
                            + services.streams().bytes(visitor));
        }
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Builder of an answer. */
    @FunctionalInterface
    private interface Format {
        /** @param memory reserves the heap of the answer */
        CompletionStage<RestResponse<DirectAnswer>> answer(
                HistoryRequest request, Reading reading, AnswerMemory memory);
    }
}
