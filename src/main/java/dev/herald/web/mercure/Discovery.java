package dev.herald.web.mercure;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;

import dev.herald.http.HubPaths;

/** Mercure discovery: a {@code Link} header on the client page with the hub's URL (PROTOCOL M50; RFC 8288). */
@ApplicationScoped
class Discovery {
    private static final int BEFORE_THE_PAGE = 100;

    private final HubPaths paths;

    Discovery(HubPaths paths) {
        this.paths = paths;
    }

    void register(@Observes Filters filters) {
        filters.register(this::link, BEFORE_THE_PAGE);
    }

    private void link(RoutingContext context) {
        if (paths.isPage(context.normalizedPath())) {
            context.response().putHeader("Link", "<" + paths.mercure() + ">; rel=\"mercure\"");
        }
        context.next();
    }
}
