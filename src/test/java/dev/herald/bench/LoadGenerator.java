package dev.herald.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;

/**
 * Program with subscribers and publishers, in a separate process since one process has too few open files for a server
 * and 10,000 subscribers. A line of input is a {@link LoadPlan}, answered with {@value #READY} when its subscribers are
 * live; or {@value #PUBLISH}, which runs the last plan and is answered with a {@link LoadResult}. It ends with a stack
 * trace and an exit code if a message was lost.
 */
final class LoadGenerator {
    static final String READY = "ready";
    static final String PUBLISH = "publish";

    private static final int FAULT = 1;

    private final EventLoopGroup loop = new EpollEventLoopGroup(1);
    private final EventLoopGroup others = new EpollEventLoopGroup(1);
    private final ObjectMapper mapper = new ObjectMapper();
    private LoadRun run;

    private LoadGenerator() {}

    public static void main(String[] arguments) throws IOException {
        LoadGenerator generator = new LoadGenerator();
        try (BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(generator.obey(order));
            }
        } catch (Exception | AssertionError e) {
            e.printStackTrace();
            System.exit(FAULT);
        }
        System.exit(0);
    }

    private String obey(String order) throws Exception {
        if (!order.equals(PUBLISH)) {
            run = new LoadRun(LoadPlan.of(order), loop, others);
            run.open();
            return READY;
        }
        LoadResult result = run.publish();
        run.leave();
        return mapper.writeValueAsString(result);
    }
}
