package dev.herald.web.admin;

import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.core.Response;

import io.vertx.ext.web.RoutingContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import dev.herald.http.HubPaths;

/**
 * Filter that hides the administration where it does not exist, whatever the method. {@link AdminAccess} verifies that
 * again, since a path can be written in several ways.
 */
class AdminFilter {
    private final AdminAccess access;
    private final HubPaths paths;

    AdminFilter(AdminAccess access, HubPaths paths) {
        this.access = access;
        this.paths = paths;
    }

    /** Null to continue. */
    @ServerRequestFilter(preMatching = true, nonBlocking = true)
    public Response check(RoutingContext context) {
        String path = context.normalizedPath();
        if ((path.equals(paths.admin()) || path.startsWith(paths.admin() + "/")) && !access.exists(context)) {
            throw new NotFoundException();
        }
        return null;
    }
}
