package dev.herald.web;

import jakarta.ws.rs.ext.Provider;

/** Lets in those who may see figures. */
@FiguresStream
@Provider
class FiguresFilter extends StreamFilter {
    FiguresFilter(FiguresAccess access) {
        super(access::prepare);
    }
}
