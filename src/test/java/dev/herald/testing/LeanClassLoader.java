package dev.herald.testing;

import java.io.InputStream;
import java.net.URL;

/**
 * Class loader that hides the OpenAPI document. Quarkus parses it at each start and writes it anew, which takes a third
 * of the start, and no test of an application needs it.
 */
final class LeanClassLoader extends ClassLoader {
    private static final String DOCUMENT = "META-INF/quarkus-generated-openapi-doc";

    LeanClassLoader(ClassLoader all) {
        super(all);
    }

    @Override
    public URL getResource(String name) {
        return name.startsWith(DOCUMENT) ? null : super.getResource(name);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        return name.startsWith(DOCUMENT) ? null : super.getResourceAsStream(name);
    }
}
