package dev.herald.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;

import dev.herald.browser.Chromium;

/**
 * Time from the start of a navigation until a view is usable: it is shown, its stream is live if it has one, and that
 * frame is painted. Each time in a new profile with an empty cache, of a running browser.
 */
final class ViewLoadTime {
    private static final int LOADS_A_REPETITION = 5;
    private static final int EVENTS = 20;
    private static final double MOST_MILLIS = 300;
    private static final String BASELINE = "one picture of the same hub";
    private static final String PICTURE = "/page/herald.svg";

    /** Addresses, and the condition of a usable view. */
    private static final Map<String, View> VIEWS = new LinkedHashMap<>();

    static {
        String live = "document.getElementById('status').dataset.state === 'live'";
        VIEWS.put("chat", new View("#chat", live + " && document.querySelectorAll('.message').length === " + EVENTS));
        VIEWS.put(
                "watch",
                new View(
                        "#watch?topic=bench&from=latest&value=" + EVENTS,
                        live + " && document.querySelectorAll('.row').length > 0"));
        VIEWS.put("send", new View("#send", "true"));
        VIEWS.put("copy", new View("#copy", "document.getElementById('copy-subscribe').textContent !== ''"));
        VIEWS.put("token", new View("#token", "true"));
        VIEWS.put("figures", new View("#figures", live));
    }

    /** Checks once per frame, and reports the time of the first frame painted with the condition. */
    private static final String WATCH = """
            {
              const usable = () => %s;
              const painted = new MessageChannel();
              painted.port1.onmessage = () => (document.documentElement.dataset.usable = performance.now());
              const look = () => (usable() ? painted.port2.postMessage('') : requestAnimationFrame(look));
              requestAnimationFrame(look);
            }
            """;

    private final Report report;
    private final Scale scale;
    private final Path results;
    private final Chromium chromium;

    ViewLoadTime(Report report, Scale scale, Path results, Chromium chromium) {
        this.report = report;
        this.scale = scale;
        this.results = results;
        this.chromium = chromium;
    }

    void measure() throws Exception {
        Map<String, Figure> figures = new LinkedHashMap<>();
        VIEWS.keySet()
                .forEach(name -> figures.put(
                        name,
                        report.figure("until " + name + " can be used", "ms").atMost(MOST_MILLIS)));
        try (Server hub = Server.hubOnAllCores(results.resolve("page-loading.log"), "herald.log.kind=memory");
                Publishers publishers = new Publishers(
                        hub.address(), 0, 1, () -> Post.of("/message?topic=bench", LogFiller.data(Marker.blank())))) {
            publishers.run(1, Schedule.flatOutMessages(EVENTS));
            String root = "http://127.0.0.1:" + hub.address().getPort();
            // The first of each is the first one that the hub serves.
            figures.forEach((name, figure) -> figure.note("the first load after the start: %s", load(root, name)));
            for (int i = 0; i < LOADS_A_REPETITION * scale.repetitions; i++) {
                figures.forEach((name, figure) -> {
                    figure.run(load(root, name).millis());
                    figure.baseline(BASELINE, picture(root));
                });
            }
        }
    }

    private Load load(String root, String name) {
        View view = VIEWS.get(name);
        String shown = "document.body?.dataset.view === '" + name + "' && " + view.usable;
        return navigate(root + "/?topic=bench" + view.hash, shown);
    }

    private double picture(String root) {
        return navigate(root + PICTURE, "document.readyState === 'complete'").millis();
    }

    private Load navigate(String address, String usable) {
        try (BrowserContext profile = chromium.profile()) {
            profile.addInitScript(WATCH.formatted(usable));
            Page tab = profile.newPage();
            tab.navigate(address);
            double millis = Double.parseDouble(tab.locator("[data-usable]").getAttribute("data-usable"));
            return new Load(millis, (int) tab.evaluate("performance.getEntriesByType('resource').length + 1"));
        }
    }

    /**
     * View of the page.
     *
     * @param hash fragment of its address
     * @param usable condition in JavaScript
     */
    private record View(String hash, String usable) {}

    /** Time and number of requests of one load. */
    private record Load(double millis, int requests) {
        @Override
        public String toString() {
            return Numbers.text(millis) + " ms, " + requests + " requests";
        }
    }
}
