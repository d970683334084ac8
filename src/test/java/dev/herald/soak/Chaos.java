package dev.herald.soak;

import java.time.Duration;
import java.util.Random;

/**
 * Fault injector that kills, stops and restarts the hub at random while the gate is open, and detects when it ends by
 * itself.
 */
final class Chaos implements Runnable {
    private static final int MIN_PAUSE_MILLIS = 15_000;
    private static final int MAX_PAUSE_MILLIS = 35_000;
    private static final int STEP_MILLIS = 500;
    private static final int MAX_START_MILLIS = 2_500;

    private final SoakedHub hub;
    private final Gate gate;
    private final Faults faults;
    private final Random random;

    Chaos(SoakedHub hub, Gate gate, Faults faults, Random random) {
        this.hub = hub;
        this.gate = gate;
        this.faults = faults;
        this.random = random;
    }

    @Override
    public void run() {
        try {
            while (!gate.over()) {
                long strike = System.nanoTime()
                        + Duration.ofMillis(random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS))
                                .toNanos();
                while (System.nanoTime() - strike < 0 && !gate.over()) {
                    Thread.sleep(STEP_MILLIS);
                    hub.verifyAlive();
                }
                gate.passIfOpen(this::strike);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            faults.add("hub: could not be restarted: %s", e);
            gate.end();
        }
    }

    private void strike() throws Exception {
        switch (random.nextInt(5)) {
            case 0, 1 -> hub.kill();
            case 2 -> hub.killTwice(Duration.ofMillis(random.nextInt(MAX_START_MILLIS)));
            default -> hub.stop();
        }
    }
}
