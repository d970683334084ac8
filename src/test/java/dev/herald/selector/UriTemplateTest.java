package dev.herald.selector;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/** Tests of matching texts with templates (RFC 6570), and of its cost. */
class UriTemplateTest {

    /** Templates and their expansions in RFC 6570, §1.2, §2.4 and §3.2. */
    private static final String EXPANSIONS = """
            {var} value
            '{var}' 'value'
            {hello} Hello%20World%21
            {half} 50%25
            O{empty}X OX
            O{undef}X OX
            {x,y} 1024,768
            {x,hello,y} 1024,Hello%20World%21,768
            ?{x,empty} ?1024,
            ?{x,undef} ?1024
            ?{undef,y} ?768
            map?{x,y} map?1024,768
            {var:3} val
            {var:30} value
            {list} red,green,blue
            {list*} red,green,blue
            {keys} semi,%3B,dot,.,comma,%2C
            {keys*} semi=%3B,dot=.,comma=%2C
            {count} one,two,three
            {count*} one,two,three
            {base}index http%3A%2F%2Fexample.com%2Fhome%2Findex

            {+var} value
            {+hello} Hello%20World!
            {+half} 50%25
            {+base}index http://example.com/home/index
            O{+empty}X OX
            O{+undef}X OX
            {+path}/here /foo/bar/here
            here?ref={+path} here?ref=/foo/bar
            up{+path}{var}/here up/foo/barvalue/here
            {+x,hello,y} 1024,Hello%20World!,768
            {+path,x}/here /foo/bar,1024/here
            {+path:6}/here /foo/b/here
            {+list} red,green,blue
            {+list*} red,green,blue
            {+keys} semi,;,dot,.,comma,,
            {+keys*} semi=;,dot=.,comma=,

            {#var} #value
            {#hello} #Hello%20World!
            {#half} #50%25
            foo{#empty} foo#
            foo{#undef} foo
            {#x,hello,y} #1024,Hello%20World!,768
            {#path,x}/here #/foo/bar,1024/here
            {#path:6}/here #/foo/b/here
            {#list} #red,green,blue
            {#list*} #red,green,blue
            {#keys} #semi,;,dot,.,comma,,
            {#keys*} #semi=;,dot=.,comma=,
            X{#var} X#value

            {.who} .fred
            {.who,who} .fred.fred
            {.half,who} .50%25.fred
            www{.dom*} www.example.com
            X{.var} X.value
            X{.empty} X.
            X{.undef} X
            X{.var:3} X.val
            X{.x,y} X.1024.768
            X{.list} X.red,green,blue
            X{.list*} X.red.green.blue
            X{.keys} X.semi,%3B,dot,.,comma,%2C
            X{.keys*} X.semi=%3B.dot=..comma=%2C
            X{.empty_keys} X
            X{.empty_keys*} X

            {/who} /fred
            {/who,who} /fred/fred
            {/half,who} /50%25/fred
            {/who,dub} /fred/me%2Ftoo
            {/var} /value
            {/var,empty} /value/
            {/var,undef} /value
            {/var,x}/here /value/1024/here
            {/var:1,var} /v/value
            {/list} /red,green,blue
            {/list*} /red/green/blue
            {/list*,path:4} /red/green/blue/%2Ffoo
            {/keys} /semi,%3B,dot,.,comma,%2C
            {/keys*} /semi=%3B/dot=./comma=%2C

            {;who} ;who=fred
            {;half} ;half=50%25
            {;empty} ;empty
            {;v,empty,who} ;v=6;empty;who=fred
            {;v,bar,who} ;v=6;who=fred
            {;x,y} ;x=1024;y=768
            {;x,y,empty} ;x=1024;y=768;empty
            {;x,y,undef} ;x=1024;y=768
            {;hello:5} ;hello=Hello
            {;list} ;list=red,green,blue
            {;list*} ;list=red;list=green;list=blue
            {;keys} ;keys=semi,%3B,dot,.,comma,%2C
            {;keys*} ;semi=%3B;dot=.;comma=%2C

            {?who} ?who=fred
            {?half} ?half=50%25
            {?x,y} ?x=1024&y=768
            {?x,y,empty} ?x=1024&y=768&empty=
            {?x,y,undef} ?x=1024&y=768
            {?var:3} ?var=val
            {?list} ?list=red,green,blue
            {?list*} ?list=red&list=green&list=blue
            {?keys} ?keys=semi,%3B,dot,.,comma,%2C
            {?keys*} ?semi=%3B&dot=.&comma=%2C

            {&who} &who=fred
            {&half} &half=50%25
            ?fixed=yes{&x} ?fixed=yes&x=1024
            {&x,y,empty} &x=1024&y=768&empty=
            {&x,y,undef} &x=1024&y=768
            {&var:3} &var=val
            {&list} &list=red,green,blue
            {&list*} &list=red&list=green&list=blue
            {&keys} &keys=semi,%3B,dot,.,comma,%2C
            {&keys*} &semi=%3B&dot=.&comma=%2C

            http://www.example.com/foo{?query,number} http://www.example.com/foo?query=mycelium&number=100
            http://www.example.com/foo{?query,number} http://www.example.com/foo?number=100
            http://www.example.com/foo{?query,number} http://www.example.com/foo
            http://example.com/~{username}/ http://example.com/~fred/
            http://example.com/dictionary/{term:1}/{term} http://example.com/dictionary/c/cat
            http://example.com/search{?q,lang} http://example.com/search?q=chien&lang=fr
            find{?year*} find?year=1965&year=2000&year=2012
            mapper{?address*} mapper?city=Newport%20Beach&state=CA
            """;

    static Stream<Arguments> expansions() {
        return EXPANSIONS.lines().filter(line -> !line.isBlank()).map(line -> Arguments.of((Object[]) line.split(" ")));
    }

    @ParameterizedTest
    @MethodSource("expansions")
    void matchesTheExpansionsInRfc6570(String template, String expansion) {
        assertThat(matches(template, expansion)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("expansions")
    void rejectsExpansionsWithOtherTextInserted(String template, String expansion) {
        for (String forbidden : new String[] {" ", "\"", "%%", "%g", "{", "}", "<", "\\", "^", "|", "`"}) {
            for (int i = 0; i <= expansion.length(); i++) {
                String text = expansion.substring(0, i) + forbidden + expansion.substring(i);
                assertThat(!text.equals(expansion) && matches(template, text))
                        .as(text)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                // A simple value has no reserved characters except the commas of a list.
                "{x} a/b",
                "{x} a=b",
                "{x} a?b",
                "{x} a:b",
                "a{x}c ab",
                "a{x}c xabc",
                "a{x}c abcd",
                // A prefix applies to a string, not to a list, and is in characters.
                "{x:3} abcd",
                "{x:3} a,b",
                "{x:1}{y:1} abc",
                "{x:1} %41%42",
                "{x:1} %C3%A9%C3%A9",
                "{?x:1} ?x=ab",
                "{+x:3} a/bc",
                // One expression has one operator at its front.
                "{#x} a",
                "{/x} a",
                "{/x} /a/b",
                "{/x,y} /a/b/c",
                "{/x:1} /ab",
                "{.x} /a",
                "{.x*} .a/b",
                // Names appear in the order of the template.
                "{?x} ?y=1",
                "{?x} ?x",
                "{?x} ?x=1&x=2",
                "{?x,y} ?y=1&x=2",
                "{?x,y} &x=1",
                "{?x,y} ?x=1?y=2",
                "{&x} ?x=1",
                "{;x} ;x=1;x=2",
                "{;x} ;xy",
                "{;x} x",
                // Each pair has one equals sign, a list has none.
                "{x*} a=b=c",
                "{x*} a=b,c",
                "{x*} a,b=c",
                "a={x*} a=b=c=d",
                "{/x*} /a=b=c",
                "{/x*} /a=b/c",
                "{/x*} /a/b=c",
                "{.x*} .a=b=c",
                "{?x*} ?a",
                "{?x*} ?a&b=1",
                "{?x*} ?a=1=2",
                "{?x*} ?a=1&b",
                "{?x*} ?a=1&",
                "{?x*} ?a/b=1",
                "{;x*} ;a=1=2",
                "{;x*} ;a;b=1=2;c",
                "{;x*} ;a/b",
            })
    void rejectsTextsThatAreNoExpansion(String template, String text) {
        assertThat(matches(template, text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "{x*} =",
                "{x*} a=b,c=d,=",
                "a={x*} a=b=c",
                "{x*,y*} a,b=c",
                "{.x*} .a.b=c.d.e=f.g",
                "{/x*} /",
                "{/x*} /a=b/c=",
                "{/x,y*} /a/b=c",
                "{?x*} ?=",
                "{;x*} ;",
                "{;x*} ;a;b=1;c=;d",
                "{;x} ;x=",
                "{;x:2,y} ;x=ab;y=cd",
                "{;x,xy} ;xy=1",
                "{;x,x} ;x;x=1",
                "{&x,y:2}{#z} &x=1,2&y=%C3%A9b#/a?b",
                "{+x:3} a/b",
                "{+x}{+y:1}c abc",
                "{x:2}{y:2}z abcdz",
                "{x:9999} abc",
                "{x:63}y abcy",
                "{a}{b}{c} abc",
                "{a%20b.c} x",
                "{?a%C3%A9} ?a%C3%A9=x",
            })
    void matchesPossibleExpansions(String template, String text) {
        assertThat(matches(template, text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                // An IRI equals the URI that it maps to: in values, literals and variable names.
                "{x} käse",
                "{x:1} 🧀",
                "{x:1} %F0%9F%A7%80",
                "{/x} /k%c3%a4se",
                "käse/{x} käse/1",
                "käse/{x} k%C3%A4se/1",
                "k%C3%A4se/{x} käse/1",
                "{x}/käse 1/k%c3%A4se",
                "%2f{x} %2F1",
                "{x}%2f 1%2F",
                // Invalid and overlong UTF-8 bytes are separate symbols.
                "{x:1} %FF",
                "{x:2} %C3%28",
                "{x:2} %C0%80",
                "{x:3} %ED%A0%80",
                "{x:3} %E0%80%80",
                "{x:4} %F4%90%80%80",
                "%FF{x} %ff1",
            })
    void namesAreComparedAsUris(String template, String text) {
        assertThat(matches(template, text)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a/{x} a%2F1",
                "A{x} %411",
                "{x}A 1%41",
                "k%C3%A4se{x} kase",
                "%FF{x} ÿ1",
                "{x:1} %C3%28",
                "{x:1} %ED%A0%80",
                "{x:3} %F4%90%80%80",
                "{x}ab 1%ab",
                "{x}ab %ab",
                "{x}%ab 1ab",
            })
    void percentEncodedAsciiDiffersFromTheCharacter(String template, String text) {
        assertThat(matches(template, text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "}",
                "{",
                "{}",
                "{x",
                "x}",
                "{x}}",
                "{{x}",
                "{{x}}",
                "}{x}",
                "{x}{",
                "a}{x}",
                "{,x}",
                "{x,}",
                "{x,,y}",
                "{x y}",
                "{x, y}",
                "{ x}",
                "{x }",
                "{+}",
                "{++x}",
                "{=x}",
                "{!x}",
                "{@x}",
                "{|x}",
                "{,}",
                "{$x}",
                "{~x}",
                "{x-y}",
                "{é}",
                "{.}",
                "{..x}",
                "{x.}",
                "{x..y}",
                "{%x}",
                "{%2}",
                "{x%2}",
                "{x%2x}",
                "{x:}",
                "{x:0}",
                "{x:01}",
                "{x:10000}",
                "{x:-1}",
                "{x:a}",
                "{x:3*}",
                "{x*:3}",
                "{x**}",
                "{*x}",
                "{x*y}",
                "{x:3y}",
                "{x} y",
                " {x}",
                "a\"{x}",
                "a<{x}",
                "a>{x}",
                "a\\{x}",
                "a^{x}",
                "a`{x}",
                "a|{x}",
                "%{x}",
                "%4{x}",
                "{x}%",
                "{x}%4",
                "{x}%4g",
                "\uffff{x}",
                "{x}\ufdd0",
                "\ufff0{x}",
            })
    void textOutsideTheGrammarIsNoTemplate(String text) {
        assertThat(UriTemplate.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{x}",
                "{_}",
                "{0}",
                "{x_1.y}",
                "{%20}",
                "{x:1}",
                "{x:9999}",
                "{x*}",
                "{+x}",
                "{#x}",
                "{.x}",
                "{/x}",
                "{;x}",
                "{?x}",
                "{&x}",
                "{?x,y:3,z*}",
                "a'b{x}",
                "{x}%20",
                "é{x}",
                "[]{x}",
                "🧀{x}",
                "{x}{y}{z}",
                "\ue000{x}",
            })
    void textWithinTheGrammarIsATemplate(String text) {
        assertThat(UriTemplate.parse(text)).isPresent();
    }

    @Test
    void stateSetsSpanMachineWords() {
        for (int length : new int[] {62, 63, 64, 65, 127, 128, 129, 1_000}) {
            String text = "x".repeat(length);
            assertThat(matches("{a}", text)).isTrue();
            assertThat(matches("{a}" + text + "{b}", text)).isTrue();
            assertThat(matches("{a}{b}/", text + "/")).isTrue();
            assertThat(matches("{a}/{b}", text + "/" + text)).isTrue();
            assertThat(matches("{a:" + length + "}", text)).isTrue();
            assertThat(matches("{a:" + (length - 1) + "}", text)).isFalse();
            assertThat(matches("y{a:" + length + "}z", "y" + text + "z")).isTrue();
            assertThat(matches("y{a:" + (length - 1) + "}z", "y" + text + "z")).isFalse();
        }
    }

    /** Backtracking would take exponential time for each of these. */
    @ParameterizedTest
    @ValueSource(strings = {"{a}{b}", "{a}x{b}", "{a:1}", "{a:999}", "{a*}", "{a*,b*}", "{+a}x", "{+a:77}", "{a}x{?a}"})
    void costIsBoundedByTheLengthsOfTemplateAndText(String part) {
        String template = part.repeat(4_090 / part.length()) + "-";

        assertTimeout(Duration.ofSeconds(20), () -> {
            for (String text : List.of("x".repeat(4_090), "x,".repeat(2_045), "x=x,".repeat(1_022))) {
                for (int i = 0; i < 10; i++) {
                    assertThat(matches(template, text + " -")).isFalse();
                }
            }
        });
    }

    private static boolean matches(String template, String text) {
        return UriTemplate.parse(template).orElseThrow().matches(new UriText(text));
    }
}
