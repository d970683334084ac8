package dev.herald.soak;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.StringJoiner;

/**
 * Publishing request of one attempt, in the form of its plan.
 *
 * @param tls whether it goes over TLS
 */
record UpdateRequest(Access hub, boolean tls, Plan plan, long attempt) {
    private static final String FORM = "application/x-www-form-urlencoded";

    /** Method, address and body. */
    HttpRequest.Builder build() {
        return switch (plan.form()) {
            case QUICK_JSON -> quick("application/json");
            case QUICK_TEXT -> quick("text/plain");
            case QUICK_FORM -> form("/message", "message");
            case MERCURE -> form("/.well-known/mercure", "data");
            case BATCH -> throw new IllegalStateException("A batch has a request of its own.");
        };
    }

    private HttpRequest.Builder quick(String type) {
        return post("/message?" + fields(), type, plan.sent(attempt));
    }

    private HttpRequest.Builder form(String path, String field) {
        return post(path, FORM, fields() + "&" + field + "=" + Selector.escaped(plan.sent(attempt)));
    }

    private HttpRequest.Builder post(String target, String type, String body) {
        URI address = hub.address(tls, target);
        return HttpRequest.newBuilder(address).header("Content-Type", type).POST(BodyPublishers.ofString(body));
    }

    private String fields() {
        StringJoiner fields = new StringJoiner("&");
        plan.topics().forEach(topic -> fields.add("topic=" + Selector.escaped(topic)));
        plan.id(attempt).ifPresent(id -> fields.add("id=" + Selector.escaped(id)));
        plan.type().ifPresent(type -> fields.add("type=" + Selector.escaped(type)));
        plan.retry().ifPresent(retry -> fields.add("retry=" + retry));
        if (plan.isPrivate()) {
            fields.add("private=on");
        }
        return fields.toString();
    }
}
