package dev.herald.bench;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChartTest {
    @TempDir
    private Path directory;

    @Test
    void drawsTheMedianOfMeasurementsAtOnePlace() throws Exception {
        Chart chart = new Chart("Memory", "connections", "MB", true);
        chart.point("Herald", 0, 0);
        for (double megabytes : new double[] {90, 100, 5_000}) {
            chart.point("Herald", 1_000, megabytes);
        }

        Element line = (Element) draw(chart).getElementsByTagName("polyline").item(0);

        assertThat(line.getAttribute("points")).isEqualTo("70.0,345.0 560.0,50.0");
    }

    @Test
    void namesEachServerAndTheMarks() throws Exception {
        Chart chart = new Chart("Latency", "messages a second", "ms", false);
        chart.point("Herald", 43, 3);
        chart.point("Nchan", 43, 70);

        assertThat(draw(chart).getDocumentElement().getTextContent())
                .contains("Latency", "messages a second", "Herald", "Nchan", "10", "100", "50");
    }

    private Document draw(Chart chart) throws Exception {
        Path file = directory.resolve("chart.svg");
        chart.write(file);
        return parse(Files.readString(file));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }
}
