package dev.herald.stream;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.logging.LoggingHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.net.impl.VertxHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class Http1PipelineTest {

    private static ChannelHandler vertx() {
        return VertxHandler.create(context -> null);
    }

    /** TLS handler of the server's side, which sends nothing first. */
    private static ChannelHandler tls() {
        try {
            SSLEngine engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(false);
            return new SslHandler(engine);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ChannelPipeline of(List<ChannelHandler> handlers) {
        return new EmbeddedChannel(handlers.toArray(ChannelHandler[]::new)).pipeline();
    }

    static Stream<List<ChannelHandler>> known() {
        return Stream.of(
                List.of(new HttpRequestDecoder(), new HttpResponseEncoder(), vertx()),
                List.of(new HttpRequestDecoder(), new HttpResponseEncoder(), new IdleStateHandler(0, 0, 60), vertx()),
                List.of(
                        tls(),
                        new HttpRequestDecoder(),
                        new HttpResponseEncoder(),
                        new ChunkedWriteHandler(),
                        new IdleStateHandler(0, 0, 60),
                        vertx()));
    }

    static Stream<List<ChannelHandler>> unknown() {
        return Stream.of(
                List.of(),
                List.of(vertx()),
                List.of(new HttpRequestDecoder(), vertx()),
                List.of(new HttpRequestDecoder(), new HttpResponseEncoder()),
                List.of(new HttpServerCodec(), vertx()),
                List.of(new HttpResponseEncoder(), new HttpRequestDecoder(), vertx()),
                List.of(new HttpRequestDecoder(), new HttpResponseEncoder(), new HttpContentCompressor(), vertx()),
                List.of(
                        new HttpRequestDecoder(),
                        new HttpResponseEncoder(),
                        new HttpContentDecompressor(false, 0),
                        vertx()),
                List.of(new LoggingHandler(), new HttpRequestDecoder(), new HttpResponseEncoder(), vertx()),
                List.of(new HttpRequestDecoder(), new HttpResponseEncoder(), vertx(), new ChannelDuplexHandler()),
                List.of(new HttpRequestDecoder(), new HttpResponseEncoder(), tls(), vertx()));
    }

    @ParameterizedTest
    @MethodSource("known")
    void vertxPipelinesAreKnown(List<ChannelHandler> handlers) {
        assertThat(Http1Pipeline.isKnown(of(handlers))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void otherPipelinesAreUnknown(List<ChannelHandler> handlers) {
        assertThat(Http1Pipeline.isKnown(of(handlers))).isFalse();
    }

    @Test
    void removesTheHttpHandlersAndKeepsTlsTheStreamAndVertx() {
        ChannelHandler tls = tls();
        ChannelHandler stream = new ChannelDuplexHandler();
        ChannelHandler vertx = vertx();
        ChannelPipeline pipeline = of(List.of(
                tls,
                new HttpRequestDecoder(),
                new HttpResponseEncoder(),
                new ChunkedWriteHandler(),
                new IdleStateHandler(0, 0, 60),
                vertx));

        Http1Pipeline.insert(pipeline, stream);
        Http1Pipeline.removeHttp(pipeline);

        assertThat(pipeline.toMap().entrySet()).extracting(Map.Entry::getValue).containsExactly(tls, stream, vertx);
    }
}
