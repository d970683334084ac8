package dev.herald.web.mercure;

import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

import dev.herald.web.AnswerSender;

/**
 * Body writer of documents about subscriptions, without reflection or a copy. Called on the request's event loop.
 */
@Provider
public class SubscriptionDocumentWriter implements ServerMessageBodyWriter<SubscriptionDocument> {
    private final AnswerSender sender;

    SubscriptionDocumentWriter(AnswerSender sender) {
        this.sender = sender;
    }

    @Override
    public boolean isWriteable(
            Class<?> type, Type genericType, ResteasyReactiveResourceInfo method, MediaType mediaType) {
        return SubscriptionDocument.class == type;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return SubscriptionDocument.class == type;
    }

    @Override
    public void writeResponse(SubscriptionDocument document, Type genericType, ServerRequestContext context) {
        HttpServerRequest request = ((ResteasyReactiveRequestContext) context)
                .unwrap(RoutingContext.class)
                .request();
        sender.send(request, document.json(), document.memory().answer());
    }

    @Override
    public void writeTo(
            SubscriptionDocument document,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new IllegalStateException("Quarkus REST writes documents without a stream.");
    }
}
