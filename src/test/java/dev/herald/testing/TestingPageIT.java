package dev.herald.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import dev.herald.Programs;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test of the page on testing: a Maven project with its dependency and its test, and JUnit 5, passes. It has nothing of
 * this project but the jar.
 */
@EnabledIf("dev.herald.testing.HeraldExtensionIT#hasJar")
class TestingPageIT {
    private static final Path PAGE = Path.of("src", "docs", "testing.md");
    private static final long LIMIT_MINUTES = 10;
    private static final String POM = """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
            <modelVersion>4.0.0</modelVersion>
            <groupId>com.example</groupId>
            <artifactId>shop</artifactId>
            <version>1</version>
            <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
            </properties>
            <dependencies>
                DEPENDENCY
                <dependency>
                    <groupId>org.junit.jupiter</groupId>
                    <artifactId>junit-jupiter</artifactId>
                    <version>5.13.4</version>
                    <scope>test</scope>
                </dependency>
            </dependencies>
            <build>
                <plugins>
                    <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-compiler-plugin</artifactId>
                        <version>3.14.1</version>
                    </plugin>
                    <plugin>
                        <groupId>org.apache.maven.plugins</groupId>
                        <artifactId>maven-surefire-plugin</artifactId>
                        <version>3.5.4</version>
                    </plugin>
                </plugins>
            </build>
        </project>
        """;

    @TempDir
    Path project;

    private static String code(String language) throws IOException {
        Matcher block = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(PAGE));
        assertThat(block.find()).as(language).isTrue();
        return block.group(1);
    }

    @Test
    void testOfThePagePassesInAProjectWithItsDependency() throws Exception {
        Files.writeString(project.resolve("pom.xml"), POM.replace("DEPENDENCY", code("xml")));
        Path tests = Files.createDirectories(project.resolve("src/test/java"));
        Files.writeString(tests.resolve("OrdersTest.java"), code("java"));
        install(project.resolve("repository/dev/herald/herald/0.1.0-SNAPSHOT"));

        String output = maven();

        assertThat(output).contains("Tests run: 1, Failures: 0, Errors: 0, Skipped: 0", "BUILD SUCCESS");
    }

    /** Into a repository of its own, so that this build leaves nothing in the user's. */
    private static void install(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.copy(Path.of("pom.xml"), directory.resolve("herald-0.1.0-SNAPSHOT.pom"));
        Files.copy(Path.of("target/herald-testing.jar"), directory.resolve("herald-0.1.0-SNAPSHOT-testing.jar"));
    }

    private String maven() throws IOException, InterruptedException {
        Path output = project.resolve("output");
        String shared = System.getProperty(
                "maven.repo.local",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + project.resolve("repository"),
                        "-Dmaven.repo.local.tail=" + shared,
                        "-D" + HubFiles.CACHE + "=" + project.resolve("cache"),
                        "-DargLine=-D" + HubFiles.CACHE + "=" + project.resolve("cache"),
                        "test"))
                .directory(project.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // The hub would leave its archive while the directory is deleted.
        builder.environment().put("CI", "true");
        Process process = builder.start();
        try {
            assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
                    .as(Files.readString(output))
                    .isTrue();
        } finally {
            Programs.end(process);
        }
        return Files.readString(output);
    }
}
