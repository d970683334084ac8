package dev.herald.http;

import java.lang.reflect.Proxy;

import io.quarkus.vertx.http.runtime.VertxHttpBuildTimeConfig;

/** Factory of the paths of a hub without a prefix. */
final class RootPaths {
    private RootPaths() {}

    static HubPaths create() {
        return new HubPaths((VertxHttpBuildTimeConfig) Proxy.newProxyInstance(
                RootPaths.class.getClassLoader(),
                new Class<?>[] {VertxHttpBuildTimeConfig.class},
                (proxy, method, arguments) -> method.getName().equals("rootPath") ? "/" : null));
    }
}
