package dev.herald.web;

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

/** Body writer of JSON answers, without reflection or a copy. Called on the request's event loop. */
@Provider
public class JsonAnswerWriter implements ServerMessageBodyWriter<JsonAnswer> {
    private final AnswerSender sender;

    JsonAnswerWriter(AnswerSender sender) {
        this.sender = sender;
    }

    @Override
    public boolean isWriteable(
            Class<?> type, Type genericType, ResteasyReactiveResourceInfo method, MediaType mediaType) {
        return JsonAnswer.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return JsonAnswer.class.isAssignableFrom(type);
    }

    @Override
    public void writeResponse(JsonAnswer answer, Type genericType, ServerRequestContext context) {
        HttpServerRequest request = ((ResteasyReactiveRequestContext) context)
                .unwrap(RoutingContext.class)
                .request();
        sender.send(request, answer.json(), answer.reservation());
    }

    @Override
    public void writeTo(
            JsonAnswer answer,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new IllegalStateException("Quarkus REST writes these answers without a stream.");
    }
}
