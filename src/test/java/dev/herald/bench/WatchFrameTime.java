package dev.herald.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

import dev.herald.browser.Chromium;

/**
 * Frame times of the view Watch while 10,000 events arrive: as fast as publishers are answered, as a replay at full
 * speed, and at a steady rate. All events must be listed.
 */
final class WatchFrameTime {
    private static final int PUBLISHERS = 50;
    private static final int EVENTS_OF_EACH = 200;
    private static final double A_SECOND = 1_000;
    private static final int IDLE_FRAMES = 200;
    private static final String ALL = "10,000 events";
    private static final double DEADLINE_MILLIS = 60_000;

    /** Two frames at 60 per second, which is imperceptible. */
    private static final double MOST_MILLIS = 34;

    private static final String IDLE = "nothing comes";

    private static final String RECORD = """
            window.frameMillis = [];
            let last;
            const frame = now => {
              if (last) frameMillis.push(now - last);
              last = now;
              requestAnimationFrame(frame);
            };
            requestAnimationFrame(frame);
            """;

    private final Report report;
    private final Scale scale;
    private final Path results;
    private final Chromium chromium;

    WatchFrameTime(Report report, Scale scale, Path results, Chromium chromium) {
        this.report = report;
        this.scale = scale;
        this.results = results;
        this.chromium = chromium;
    }

    void measure() throws Exception {
        List<Course> courses = List.of(
                new Course("as fast as they are published"),
                new Course("from the log"),
                new Course("at 1,000 a second"));
        try (Server hub = Server.hubOnAllCores(results.resolve("page-watching.log"), "herald.log.kind=memory")) {
            Progress.report("warming up");
            takeAll(hub, "warm");
            for (int i = 0; i < scale.repetitions; i++) {
                List<Frames> taken = takeAll(hub, "bench-" + i);
                Frames idle = idle(hub);
                for (int course = 0; course < taken.size(); course++) {
                    courses.get(course).add(taken.get(course), idle);
                }
            }
        }
    }

    private List<Frames> takeAll(Server hub, String topic) throws Exception {
        String steady = topic + "-steady";
        try (Publishers some = publishers(hub, topic);
                Publishers others = publishers(hub, steady)) {
            return List.of(
                    take(hub, topic, "now", () -> some.run(PUBLISHERS, Schedule.flatOutMessages(EVENTS_OF_EACH))),
                    take(hub, topic, "earliest", () -> {}),
                    take(hub, steady, "now", () -> others.run(PUBLISHERS, atASteadyPace())));
        }
    }

    private static Publishers publishers(Server hub, String topic) throws InterruptedException {
        Post post = Post.of("/message?topic=" + topic, LogFiller.data(Marker.blank()));
        return new Publishers(hub.address(), 0, PUBLISHERS, () -> post);
    }

    private static Schedule atASteadyPace() {
        return Schedule.at(A_SECOND, System.nanoTime(), Long.MAX_VALUE / 2, EVENTS_OF_EACH);
    }

    /** Watches a topic from a start while a task runs, until all events are listed. */
    private Frames take(Server hub, String topic, String from, Task task) throws Exception {
        try (BrowserContext profile = chromium.profile()) {
            Page tab = open(profile, hub);
            tab.fill("#selectors", topic);
            tab.selectOption("#from", from);
            tab.evaluate("() => {" + RECORD + "}");
            tab.click("#watch-form button:not([type])");
            tab.waitForSelector("#status[data-state=live]");
            task.run();
            tab.locator("#watch-count", new Page.LocatorOptions().setHasText(ALL))
                    .waitFor(new Locator.WaitForOptions().setTimeout(DEADLINE_MILLIS));
            return Frames.of(tab);
        }
    }

    private Frames idle(Server hub) {
        try (BrowserContext profile = chromium.profile()) {
            Page tab = open(profile, hub);
            tab.evaluate("() => {" + RECORD + "}");
            tab.waitForCondition(() -> (int) tab.evaluate("frameMillis.length") >= IDLE_FRAMES);
            return Frames.of(tab);
        }
    }

    private static Page open(BrowserContext profile, Server hub) {
        Page tab = profile.newPage();
        tab.navigate("http://127.0.0.1:" + hub.address().getPort() + "/#watch");
        tab.waitForSelector("#watch-view:not([hidden])");
        return tab;
    }

    /** Task that publishes. */
    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }

    /** Figures of one way of arrival. */
    private final class Course {
        private final Figure usual;
        private final Figure longest;

        Course(String how) {
            usual = report.figure("p99 of frames, " + ALL + " " + how, "ms").atMost(MOST_MILLIS);
            longest = report.figure("longest frame, " + ALL + " " + how, "ms");
        }

        void add(Frames frames, Frames idle) {
            usual.run(frames.p99());
            usual.baseline(IDLE, idle.p99());
            longest.run(frames.longest());
            longest.baseline(IDLE, idle.longest());
            usual.note("%s s, median %s ms", Numbers.text(frames.seconds()), Numbers.text(frames.median()));
        }
    }

    /** Milliseconds from frame to frame, the shortest first. */
    private record Frames(List<Double> millis) {

        static Frames of(Page tab) {
            List<Double> millis = new ArrayList<>();
            ((List<?>) tab.evaluate("frameMillis")).forEach(value -> millis.add(((Number) value).doubleValue()));
            return new Frames(millis.stream().sorted().toList());
        }

        double median() {
            return Numbers.median(millis);
        }

        double p99() {
            return millis.get((int) Math.ceil(millis.size() * 0.99) - 1);
        }

        double longest() {
            return millis.get(millis.size() - 1);
        }

        double seconds() {
            return millis.stream().mapToDouble(Double::doubleValue).sum() / 1_000;
        }
    }
}
