package dev.herald.selector;

import java.util.List;

import dev.herald.event.Topic;

/** Templates of about 4 KB that are as expensive to match as possible, and topics that they nearly match. */
public final class ExpensiveTemplates {
    private static final List<String> PARTS = List.of(
            "{a}",
            "{a}a",
            "{a}{b}{c}",
            "{a:1}",
            "{a:9999}",
            "{?a,b*,c:3}{;d*}",
            "{?a*}{/b*}{a*}",
            "{+a}/",
            "{#a}",
            "{a*}=");

    private ExpensiveTemplates() {}

    /** Template of one of several shapes; each number gives another template. */
    public static TopicSelector template(int number) {
        String part = PARTS.get(number % PARTS.size());
        String end = "{x" + number + "}!";
        return TopicSelector.parse(part.repeat((Topic.MAX_BYTES - end.length()) / part.length()) + end);
    }

    /** Topic of about 4 KB that some of the templates match, and most compare to its end. */
    public static Topic matching(int number) {
        return new Topic("a".repeat(4_000) + number + "!");
    }

    /** Topic of about 4 KB that no template matches, and most compare to its end. */
    public static Topic topic(int number) {
        return new Topic("a".repeat(4_000) + number + "!!");
    }
}
