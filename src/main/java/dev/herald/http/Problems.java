package dev.herald.http;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status.Family;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import dev.herald.auth.InvalidTokenException;
import dev.herald.auth.MissingTokenException;
import dev.herald.auth.VerificationUnavailableException;
import dev.herald.event.InvalidFieldException;
import dev.herald.limit.BatchTooLargeException;
import dev.herald.limit.QuotaExceededException;
import dev.herald.log.EventLogException;
import dev.herald.log.KeyReusedException;
import dev.herald.log.KeysFullException;
import dev.herald.log.LogClosedException;
import dev.herald.log.LogFullException;
import dev.herald.log.LogStorageFullException;
import dev.herald.log.UnknownOutcomeException;

/** Exception mapper of all resources: {@code application/problem+json} and one log line (RFC 9457). */
class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);
    private static final String INVALID_TOKEN = "Bearer error=\"invalid_token\"";
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final RefusedRequests refused;
    private final HubPaths paths;

    Problems(RefusedRequests refused, HubPaths paths) {
        this.refused = refused;
        this.paths = paths;
    }

    @ServerExceptionMapper
    public RestResponse<Problem> rejected(RequestRejectedException e, HttpServerRequest request) {
        refused.record(method(request), e.type());
        ResponseBuilder<Problem> answer = document(request, e.type(), e.problem());
        return switch (e.type()) {
            case MISSING_TOKEN -> withChallenge(answer, "Bearer");
            case INVALID_TOKEN -> withChallenge(answer, INVALID_TOKEN);
            case INSUFFICIENT_SCOPE -> withChallenge(answer, "Bearer error=\"insufficient_scope\"");
            case OVERLOADED, LOG_UNAVAILABLE, KEYS_UNAVAILABLE, STORAGE_FULL, TOO_MANY_STREAMS ->
                withRetryAfter(answer);
            default -> answer.build();
        };
    }

    @ServerExceptionMapper
    public RestResponse<Problem> missingToken(MissingTokenException e, HttpServerRequest request) {
        return rejected(new RequestRejectedException(ProblemType.MISSING_TOKEN, e.getMessage()), request);
    }

    /** Only counted: the log has its reason already. */
    @ServerExceptionMapper
    public RestResponse<Problem> invalidToken(InvalidTokenException e, HttpServerRequest request) {
        refused.count(method(request), ProblemType.INVALID_TOKEN);
        return withChallenge(document(request, ProblemType.INVALID_TOKEN, e.getMessage()), INVALID_TOKEN);
    }

    @ServerExceptionMapper
    public RestResponse<Problem> keysUnavailable(VerificationUnavailableException e, HttpServerRequest request) {
        return withRetryAfter(answer(request, ProblemType.KEYS_UNAVAILABLE, e.getMessage()));
    }

    @ServerExceptionMapper
    public RestResponse<Problem> invalid(InvalidFieldException e, HttpServerRequest request) {
        return answer(request, ProblemType.INVALID_FIELD, e.getMessage()).build();
    }

    @ServerExceptionMapper
    public RestResponse<Problem> quotaExceeded(QuotaExceededException e, HttpServerRequest request) {
        return answer(
                        request,
                        e.ofBytes() ? ProblemType.TOO_MANY_BYTES : ProblemType.TOO_MANY_UPDATES,
                        e.getMessage() + " Nothing was published.")
                .header(HttpHeaders.RETRY_AFTER, e.retryAfterSeconds())
                .build();
    }

    @ServerExceptionMapper
    public RestResponse<Problem> batchTooLarge(BatchTooLargeException e, HttpServerRequest request) {
        return answer(request, ProblemType.BATCH_TOO_LARGE, e.getMessage() + " Nothing was published.")
                .build();
    }

    @ServerExceptionMapper
    public RestResponse<Problem> keyReused(KeyReusedException e, HttpServerRequest request) {
        return answer(
                        request,
                        ProblemType.KEY_REUSED,
                        "This 'Idempotency-Key' was used for other updates: send a new key with new updates. Nothing"
                                + " was published.")
                .build();
    }

    @ServerExceptionMapper
    public RestResponse<Problem> keysFull(KeysFullException e, HttpServerRequest request) {
        return answer(
                        request,
                        ProblemType.OVERLOADED,
                        "The hub remembers as many idempotency keys of this publisher as it may, or of all"
                                + " (herald.publish.max-idempotency-keys). Retry when the oldest has expired, or send"
                                + " more updates with one key. Nothing was published.")
                .header(HttpHeaders.RETRY_AFTER, e.retryAfterSeconds())
                .build();
    }

    @ServerExceptionMapper
    public RestResponse<Problem> full(LogFullException e, HttpServerRequest request) {
        return withRetryAfter(answer(request, ProblemType.OVERLOADED, "The publish queue is full. Retry after 1 s."));
    }

    @ServerExceptionMapper
    public RestResponse<Problem> closed(LogClosedException e, HttpServerRequest request) {
        return withRetryAfter(
                answer(request, ProblemType.LOG_UNAVAILABLE, "The hub is shutting down. Retry after 1 s."));
    }

    /** Logs one line a request: the event log has already reported the cause. */
    @ServerExceptionMapper
    public RestResponse<Problem> storageFull(LogStorageFullException e, HttpServerRequest request) {
        return withRetryAfter(answer(
                request,
                ProblemType.STORAGE_FULL,
                "The hub's disk is full. Retry after the operator has freed space."));
    }

    /** Without {@code Retry-After}: a client that repeats the request by itself may publish twice. */
    @ServerExceptionMapper
    public RestResponse<Problem> unknownOutcome(UnknownOutcomeException e, HttpServerRequest request) {
        LOG.debugf(e, "Whether an update was stored is unknown. path=%s", pathForLog(request));
        return answer(
                        request,
                        ProblemType.LOG_UNAVAILABLE,
                        "The update may be stored or not. Repeat the request only if it has an 'Idempotency-Key', with the"
                                + " same one: otherwise it may be published twice.")
                .build();
    }

    /** Logs one line a request: the event log has already reported the cause. */
    @ServerExceptionMapper
    public RestResponse<Problem> unavailable(EventLogException e, HttpServerRequest request) {
        LOG.debugf(e, "An update was not stored. path=%s", pathForLog(request));
        return withRetryAfter(answer(
                request,
                ProblemType.LOG_UNAVAILABLE,
                "The update could not be stored. Retry when the log is available again."));
    }

    /** Requests that Quarkus REST rejects: no such path, method, or media type. */
    @ServerExceptionMapper
    public RestResponse<Problem> web(WebApplicationException e, RoutingContext context) {
        HttpServerRequest request = context.request();
        int status = e.getResponse().getStatus();
        if (e.getResponse().getStatusInfo().getFamily() == Family.SERVER_ERROR) {
            return failed(e, request);
        }
        return switch (status) {
            case 404 ->
                answer(request, ProblemType.NOT_FOUND, HubPaths.nothingAt(request.path()))
                        .build();
            case 405 -> notAllowed(context);
            case 406 ->
                answer(
                                request,
                                ProblemType.NOT_ACCEPTABLE,
                                "No representation matches the header 'Accept': remove it, or send 'Accept: "
                                        + (request.path().endsWith(HubPaths.UPDATES)
                                                ? "application/json' for a document, or 'application/x-ndjson' for"
                                                        + " lines."
                                                : "text/event-stream' for a stream."))
                        .build();
            default -> untyped(e, request);
        };
    }

    private RestResponse<Problem> untyped(WebApplicationException e, HttpServerRequest request) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        refused.count(Rejections.Unnamed.OTHER);
        refused.record(method(request), status.getStatusCode());
        return document(new Problem(
                        "about:blank", status.getReasonPhrase(), status.getStatusCode(), e.getMessage(), null))
                .build();
    }

    @ServerExceptionMapper
    public RestResponse<Problem> failed(Throwable e, HttpServerRequest request) {
        if (isLostConnection(e) || request.response().closed()) {
            // The client has disconnected: no response can be sent.
            LOG.debugf(
                    "A client has disconnected. method=%s path=%s reason=%s",
                    request.method(), pathForLog(request), e.getMessage());
            return answer(
                            request,
                            ProblemType.INCOMPLETE_BODY,
                            "The connection was closed before the body was complete.")
                    .build();
        }
        if (e instanceof OutOfMemoryError) {
            LOG.warnf(
                    "A request was rejected, since the heap is full. method=%s path=%s",
                    request.method(), pathForLog(request));
            return withRetryAfter(answer(
                    request, ProblemType.OVERLOADED, "The hub has no memory left at the moment: send it again later."));
        }
        LOG.errorf(e, "A request failed unexpectedly. method=%s path=%s", request.method(), pathForLog(request));
        return answer(
                        request,
                        ProblemType.INTERNAL_ERROR,
                        "An unexpected error occurred. The hub's log has the details.")
                .build();
    }

    /**
     * Whether the failure is an I/O error of the connection. A response that cannot be serialised, and a file that
     * cannot be read, are I/O errors of the hub.
     */
    static boolean isLostConnection(Throwable e) {
        return e instanceof IOException
                && !(e instanceof JsonProcessingException)
                && !(e instanceof FileSystemException);
    }

    /** Adds {@code Allow}, which Quarkus REST omits (RFC 9110 §15.5.6). It is the answer to {@code OPTIONS}, too. */
    private RestResponse<Problem> notAllowed(RoutingContext context) {
        HttpServerRequest request = context.request();
        String allow = paths.allowed(context.normalizedPath());
        if (request.method().equals(HttpMethod.OPTIONS)) {
            return ResponseBuilder.<Problem>ok()
                    .header(HttpHeaders.ALLOW, allow)
                    .build();
        }
        return answer(request, ProblemType.METHOD_NOT_ALLOWED, notAllowed(request, allow))
                .header(HttpHeaders.ALLOW, allow)
                .build();
    }

    /** Detail of a 405. */
    static String notAllowed(HttpServerRequest request, String allow) {
        return request.method() + " is not allowed here: use one of " + allow + ".";
    }

    /**
     * The method for reports of what was refused: a stream that is opened by a form is reported as all other streams.
     */
    private HttpMethod method(HttpServerRequest request) {
        boolean opensStream = request.method().equals(HttpMethod.POST) && paths.isStream(request.path());
        return opensStream ? HttpMethod.GET : request.method();
    }

    private ResponseBuilder<Problem> answer(HttpServerRequest request, ProblemType type, String detail) {
        refused.record(method(request), type);
        return document(request, type, detail);
    }

    private static ResponseBuilder<Problem> document(HttpServerRequest request, ProblemType type, String detail) {
        return document(request, type, Problem.of(type, detail));
    }

    private static ResponseBuilder<Problem> document(HttpServerRequest request, ProblemType type, Problem problem) {
        LOG.debugf("A request was rejected. method=%s path=%s problem=%s", request.method(), pathForLog(request), type);
        return document(problem);
    }

    private static ResponseBuilder<Problem> document(Problem problem) {
        // By number and title: the JAX-RS enum lacks some, such as 507.
        return ResponseBuilder.<Problem>create(problem.status(), problem.title())
                .entity(problem)
                .type(Problem.MEDIA_TYPE);
    }

    /** The path for log lines. Below the Mercure hub it is cut: there it names topics, which may be private. */
    static String pathForLog(HttpServerRequest request) {
        String path = request.path();
        int hub = path.indexOf(HubPaths.MERCURE + "/");
        return hub < 0 ? path : path.substring(0, hub) + HubPaths.MERCURE + "/…";
    }

    /** Adds the challenge: the accepted kind of token, and what is wrong with the one sent (RFC 6750 §3). */
    private static RestResponse<Problem> withChallenge(ResponseBuilder<Problem> builder, String challenge) {
        return builder.header(HttpHeaders.WWW_AUTHENTICATE, challenge).build();
    }

    private static RestResponse<Problem> withRetryAfter(ResponseBuilder<Problem> builder) {
        return builder.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER.toSeconds()).build();
    }
}
