package dev.herald.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import jakarta.ws.rs.HttpMethod;

/** Designator of resource methods that answer HTTP's {@code QUERY} (draft-ietf-httpbis-safe-method-w-body). */
@HttpMethod(QueryMethod.NAME)
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface QueryMethod {
    /** Name of the method. */
    String NAME = "QUERY";
}
