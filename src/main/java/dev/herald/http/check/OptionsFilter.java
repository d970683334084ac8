package dev.herald.http.check;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;

import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Filter of {@code OPTIONS}. Quarkus REST answers it with 200 and the methods of all resources of a class, whatever the
 * path. Under a name that no resource has, it is rejected as any method is: with 404, or 405 where there is a resource.
 * {@code Problems} turns the latter into the answer to {@code OPTIONS}.
 */
class OptionsFilter {
    private static final String NO_METHOD = "OPTIONS-OF-A-RESOURCE";

    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public void rename(ContainerRequestContext context) {
        if (context.getMethod().equals(HttpMethod.OPTIONS)) {
            context.setMethod(NO_METHOD);
        }
    }
}
