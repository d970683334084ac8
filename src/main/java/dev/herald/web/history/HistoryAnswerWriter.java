package dev.herald.web.history;

import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;

import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Body writer of answers with past events, which may end later. Called on the request's event loop. */
@Provider
public class HistoryAnswerWriter implements ServerMessageBodyWriter<HistoryAnswer> {
    @Override
    public boolean isWriteable(
            Class<?> type, Type genericType, ResteasyReactiveResourceInfo method, MediaType mediaType) {
        return HistoryAnswer.class.isAssignableFrom(type);
    }

    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return HistoryAnswer.class.isAssignableFrom(type);
    }

    @Override
    public void writeResponse(HistoryAnswer answer, Type genericType, ServerRequestContext context) {
        answer.send(((ResteasyReactiveRequestContext) context).unwrap(RoutingContext.class));
    }

    @Override
    public void writeTo(
            HistoryAnswer answer,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new IllegalStateException("Quarkus REST writes these answers without a stream.");
    }
}
