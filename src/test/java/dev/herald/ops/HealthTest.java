package dev.herald.ops;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

@QuarkusTest
class HealthTest {

    @Test
    void livenessIsUp() {
        given().get("/q/health/live").then().statusCode(200).body("status", is("UP"));
    }

    @Test
    void readinessReportsAWritableLog() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("status", is("UP"))
                .body("checks.name", hasItem("log"))
                .body("checks.find { it.name == 'log' }.data.writable", is(true))
                .body("checks.find { it.name == 'log' }.data.draining", is(false));
    }

    @Test
    void readinessReportsWorkingStreams() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'streams' }.data.cursors", is(true))
                .body("checks.find { it.name == 'streams' }.data.loops", is(true));
    }
}
