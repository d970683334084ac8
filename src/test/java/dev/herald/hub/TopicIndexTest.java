package dev.herald.hub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.herald.event.Event;
import dev.herald.event.EventId;
import dev.herald.event.Topic;
import dev.herald.event.Update;
import dev.herald.selector.ExpensiveTemplates;
import dev.herald.selector.MatchBudget;
import dev.herald.selector.TopicSelector;

import static org.assertj.core.api.Assertions.assertThat;

class TopicIndexTest {
    private final TopicIndex index = new TopicIndex();

    @Test
    void findsSubscribersWhoseSelectorsMatchAnyTopic() {
        Subscriber exact = add("a");
        Subscriber template = add("b/{x}");
        Subscriber both = add("nothing", "c/{x}", "a");
        Subscriber all = add("*");
        Subscriber literally = add("d/{x}");

        assertThat(found("a")).containsExactlyInAnyOrder(exact, both, all);
        assertThat(found("b/1")).containsExactlyInAnyOrder(template, all);
        assertThat(found("other", "c/1")).containsExactlyInAnyOrder(both, all);
        assertThat(found("d/{x}")).containsExactlyInAnyOrder(literally, all);
        assertThat(found("b/1/2")).containsExactly(all);
    }

    @Test
    void keepsASharedTemplateOnce() {
        List<Subscriber> subscribers = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            subscribers.add(add("books/{id}", "users/{id}"));
        }

        assertThat(found("books/1")).containsExactlyElementsOf(subscribers);
        assertThat(index.templates()).isEqualTo(2);
    }

    @Test
    void subscribersOfOneTopicShareItsSelectorList() {
        Subscriber first = add("news");

        assertThat(add("news").selectors).isSameAs(first.selectors);
        assertThat(add("news", "sports").selectors).hasSize(2);
        assertThat(add("sports").selectors).extracting(TopicSelector::text).containsExactly("sports");
    }

    @Test
    void removesASubscriberAndItsSelectors() {
        Subscriber leaving = add("a", "b/{x}", "*", "c/{x}");
        Subscriber staying = add("b/{x}");

        index.remove(leaving);

        assertThat(found("a", "b/1", "c/1")).containsExactly(staying);
        assertThat(index.templates()).isEqualTo(1);

        index.remove(staying);

        assertThat(found("a", "b/1", "c/1")).isEmpty();
        assertThat(index.templates()).isZero();
    }

    @Test
    void rejectsTemplatesThatWouldMakeLookUpsExpensive() {
        Subscriber cheap = add("{x}/1");
        List<Subscriber> refused = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Subscriber expensive = subscriber(ExpensiveTemplates.template(i).text());
            if (!index.add(expensive)) {
                refused.add(expensive);
            }
        }
        // Each is cheap, but too many have the same prefix.
        for (int i = 0; i < 300; i++) {
            Subscriber one = subscriber("{x}" + "a".repeat(500) + "{y}/" + i);
            if (!index.add(one)) {
                refused.add(one);
            }
        }
        MatchBudget budget = new MatchBudget(200_000);

        assertThat(refused).hasSizeGreaterThan(500);
        assertThat(index.match(event("a".repeat(200) + "/1"), budget, found -> assertThat(found)
                        .isSameAs(cheap)))
                .isTrue();
    }

    @Test
    void endsALookUpWhenTheBudgetIsExhausted() {
        Subscriber exact = add("news");
        add("{x}/1");
        MatchBudget budget = new MatchBudget(20_000);
        List<Subscriber> found = new ArrayList<>();
        String[] topics = Stream.concat(
                        Stream.of("news"), IntStream.range(0, 250).mapToObj(i -> "a".repeat(4_000) + i + "/1"))
                .toArray(String[]::new);

        assertThat(index.match(event(topics), budget, found::add)).isFalse();

        assertThat(found).contains(exact);
        assertThat(budget.left()).isGreaterThan(-100_000);
    }

    private Subscriber add(String... selectors) {
        Subscriber subscriber = subscriber(selectors);
        assertThat(index.add(subscriber)).isTrue();
        return subscriber;
    }

    private Subscriber subscriber(String... selectors) {
        Subscription subscription = new Subscription(
                Stream.of(selectors).map(TopicSelector::parse).toList(), List.of(), Optional.empty(), false);
        return new Subscriber(null, subscription, index.shared(subscription.selectors()), null, Subscriber.NOTHING, 0);
    }

    private List<Subscriber> found(String... topics) {
        List<Subscriber> found = new ArrayList<>();
        assertThat(index.match(event(topics), new MatchBudget(1_000_000), found::add))
                .isTrue();
        return found;
    }

    private static Event event(String... topics) {
        Update update = new Update(
                Stream.of(topics).map(Topic::new).toList(),
                "",
                false,
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty());
        return Event.of(1, new EventId("1"), Instant.EPOCH, false, update);
    }
}
