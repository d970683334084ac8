package dev.herald.selector;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.herald.Rounds;
import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the cost of matching selectors with topics, by count and not by time. For any templates and topics each
 * piece of work is bounded, the budget is charged for all of it, and pieces give the same result as one pass.
 */
class MatchCostTest {
    /** Maximum cost of one template and one topic, both of 4 KB: less than a millisecond. */
    private static final long ONE_MATCH_UNITS = 1_000_000;

    @Test
    void pieceEndsAfterTheTemplateThatExhaustsTheBudget() {
        TopicFilter filter = new TopicFilter(
                IntStream.range(0, 10).mapToObj(ExpensiveTemplates::template).toList());
        Matching matching = filter.matching(
                IntStream.range(0, 12).mapToObj(ExpensiveTemplates::topic).toList());
        int pieces = 0;

        for (boolean known = false; !known; pieces++) {
            MatchBudget budget = new MatchBudget(1_000);
            known = matching.advance(budget);
            assertThat(budget.left()).isGreaterThan(-ONE_MATCH_UNITS);
        }

        assertThat(matching.matches()).isFalse();
        assertThat(pieces).isGreaterThan(50);
    }

    @Test
    void exhaustedBudgetStartsNoMatch() {
        MatchBudget nothing = new MatchBudget(0);

        assertThat(new TopicFilter(List.of(ExpensiveTemplates.template(1)))
                        .matching(List.of(ExpensiveTemplates.topic(1)))
                        .advance(nothing))
                .isFalse();
        assertThat(nothing.left()).isZero();
    }

    @Test
    void everyShapeOfExpensiveTemplateIsCharged() {
        for (int i = 0; i < 20; i++) {
            TopicSelector template = ExpensiveTemplates.template(i);
            MatchBudget budget = new MatchBudget(ONE_MATCH_UNITS);

            new TopicFilter(List.of(template)).matches(List.of(ExpensiveTemplates.topic(i)), budget);

            assertThat(TopicSelector.expensive(List.of(template)))
                    .as(template.text())
                    .isTrue();
            assertThat(ONE_MATCH_UNITS - budget.left()).as(template.text()).isBetween(5_000L, ONE_MATCH_UNITS);
        }
    }

    @Test
    void usualSelectorsAreCheap() {
        List<TopicSelector> usual = Stream.concat(
                        IntStream.range(0, 100).mapToObj(i -> "https://example.com/users/" + i + "/books/{id}/{page}"),
                        IntStream.range(0, 1_000).mapToObj(i -> "https://example.com/books/" + i))
                .map(TopicSelector::parse)
                .toList();
        MatchBudget budget = new MatchBudget(10_000);

        new TopicFilter(usual).matches(List.of(new Topic("https://example.com/users/7/books/1/2")), budget);

        assertThat(TopicSelector.expensive(usual)).isFalse();
        assertThat(budget.exhausted()).isFalse();
    }

    @Test
    void matchingInPiecesHasTheResultOfOnePass() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> texts = List.of("a", "{x}", "a{x}", "b/{x}", "{+x}b", "{x:1}", "a/b", "{/x*}", "c{?x}", "*");
        List<Topic> topics = Stream.of("a", "ab", "b/c", "a/b", "/a/b", "c?x=1", "d e", "x/y")
                .map(Topic::new)
                .toList();
        MatchMemo memo = new MatchMemo();
        for (int i = 0; i < Rounds.of(1_000, 50_000); i++) {
            List<TopicSelector> selectors = random.ints(random.nextInt(4), 0, texts.size())
                    .mapToObj(t -> TopicSelector.parse(texts.get(t)))
                    .toList();
            List<Topic> some = random.ints(1 + random.nextInt(4), 0, topics.size())
                    .mapToObj(topics::get)
                    .toList();
            TopicFilter filter = new TopicFilter(selectors);

            assertThat(inPieces(filter.matching(some, memo)))
                    .as("seed=%d selectors=%s topics=%s", seed, selectors, some)
                    .isEqualTo(filter.matches(some))
                    .isEqualTo(
                            some.stream().anyMatch(topic -> selectors.stream().anyMatch(s -> s.matches(topic))));
            Matching each = filter.matchingEach(some);
            assertThat(inPieces(each))
                    .as("seed=%d each: selectors=%s topics=%s", seed, selectors, some)
                    .isEqualTo(
                            some.stream().allMatch(topic -> selectors.stream().anyMatch(s -> s.matches(topic))));
            assertThat(each.unmatched())
                    .as("seed=%d unmatched: selectors=%s topics=%s", seed, selectors, some)
                    .isEqualTo(some.stream()
                            .filter(topic -> selectors.stream().noneMatch(s -> s.matches(topic)))
                            .findFirst());
        }
    }

    @Test
    void m4PrivateEventRequiresGrantAndPublicEventDoesNot() {
        TopicFilter granted = new TopicFilter(List.of(TopicSelector.parse("a")));

        assertThat(permits(granted, "a", false)).isTrue();
        assertThat(permits(granted, "b", false)).isTrue();
        assertThat(permits(granted, "a", true)).isTrue();
        assertThat(permits(granted, "b", true)).isFalse();
    }

    private static boolean permits(TopicFilter granted, String topic, boolean isPrivate) {
        Event event = Event.kept(
                1,
                new EventId("e"),
                Instant.EPOCH,
                List.of(new Topic(topic)),
                isPrivate,
                Optional.empty(),
                OptionalLong.empty(),
                new byte[0]);
        boolean permits = granted.permits(isPrivate, event.topics(), MatchBudget.unlimited());
        assertThat(granted.permission(event, MatchMemo.NONE).complete()).isEqualTo(permits);
        return permits;
    }

    private static boolean inPieces(Matching matching) {
        while (!matching.advance(new MatchBudget(1))) {
            // The next piece.
        }
        return matching.matches();
    }

    @Test
    void memoAvoidsRepeatedMatchingOfLongTopics() {
        List<Topic> topics =
                IntStream.range(0, 100).mapToObj(ExpensiveTemplates::topic).toList();
        MatchMemo memo = new MatchMemo();

        long first = cost("{x}/{y}!", topics, memo);
        long second = cost("{x}/{y}!", topics, memo);

        assertThat(second).isLessThan(first / 10);
        assertThat(memo.find(template("{x}/{y}!"), topics.get(0).name())).contains(false);
    }

    @Test
    void memoIsBoundedByBytes() {
        MatchMemo memo = new MatchMemo();
        IntStream.range(0, 1_000).forEach(i -> cost("{x}/{y}!", List.of(ExpensiveTemplates.topic(i)), memo));
        TopicSelector.Template large = template("{a}b".repeat(100));
        memo.put(large, ExpensiveTemplates.topic(0).name(), true);

        assertThat(memo.find(template("{x}/{y}!"), ExpensiveTemplates.topic(0).name()))
                .isEmpty();
        assertThat(memo.find(template("{x}/{y}!"), ExpensiveTemplates.topic(999).name()))
                .isPresent();
        assertThat(memo.find(large, ExpensiveTemplates.topic(0).name())).isEqualTo(Optional.empty());
    }

    private static TopicSelector.Template template(String text) {
        return (TopicSelector.Template) TopicSelector.parse(text);
    }

    private static long cost(String selector, List<Topic> topics, MatchMemo memo) {
        MatchBudget budget = new MatchBudget(Integer.MAX_VALUE);
        new TopicFilter(List.of(TopicSelector.parse(selector)))
                .matching(topics, memo)
                .advance(budget);
        return Integer.MAX_VALUE - budget.left();
    }
}
