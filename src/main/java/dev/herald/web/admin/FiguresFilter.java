package dev.herald.web.admin;

import jakarta.ws.rs.ext.Provider;

import dev.herald.web.StreamFilter;

/** Request filter that authorises watchers of figures. */
@FiguresStream
@Provider
class FiguresFilter extends StreamFilter {
    FiguresFilter(FiguresAccess access) {
        super(access::prepare);
    }
}
