package dev.tale.report.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.Tale;
import dev.tale.analysis.LayerAnalysis;
import dev.tale.analysis.LayerAnalysis.Kind;
import dev.tale.analysis.LayerAnalysis.Missing;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page looks like at the width of a phone, of half a screen and of a whole one. */
@Tag("nightly")
class PageInBrowserTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  /** The library itself needs no pictures, so its module does not read them. */
  @BeforeAll
  static void readPictures() {
    Module pictures = ModuleLayer.boot().findModule("java.desktop").orElseThrow();
    PageInBrowserTest.class.getModule().addReads(pictures);
  }

  @BeforeEach
  void requireChromium() {
    assumeTrue(Chromium.find().isPresent(), "There is no Chromium on the PATH: not looked at");
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 900, 1400})
  void page_withEverything_fits(int width) throws Exception {
    assertFits(everything(directory.resolve("report")), width);
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 900, 1400})
  void page_ofSeveralTasksAndParts_fits(int width) throws Exception {
    assertFits(severalTasks(directory.resolve("report")), width);
  }

  /** The measure itself: a page that is too wide, hides text and asks for a picture. */
  @ParameterizedTest
  @ValueSource(ints = {360, 1400})
  void measure_findsWhatDoesNotFit(int width) throws Exception {
    Path page = everything(directory.resolve("report"));
    String faults =
        "<p style=\"max-width:none;width:1500px\">wide</p><p"
            + " style=\"width:50px;overflow:hidden;white-space:nowrap\">a text that is"
            + " hidden</p><img alt=\"\" src=\"https://example.invalid/x.png\"/><figure><svg"
            + " width=\"50\" height=\"20\"><text x=\"-20\" y=\"15\">cut off</text></svg>"
            + "</figure></main>";
    Files.writeString(page, Files.readString(page).replace("</main>", faults));
    JsonNode measured = measured(page, width);
    assertThat(measured.path("scrollWidth").asInt()).isGreaterThan(width);
    assertThat(measured.path("outside").toString()).contains("wide");
    assertThat(measured.path("hidden").toString()).contains("a text that is hidden");
    assertThat(measured.path("cut").toString()).contains("cut off");
    assertThat(measured.path("refused").toString()).contains("example.invalid");
  }

  private void assertFits(Path page, int width) throws IOException, InterruptedException {
    JsonNode measured = measured(page, width);
    assertThat(measured.path("width").asInt()).isEqualTo(width);
    assertThat(measured.path("scrollWidth").asInt()).isLessThanOrEqualTo(width);
    for (String fault : List.of("outside", "hidden", "cut", "refused", "requests")) {
      assertThat(measured.path(fault)).as("%s at %d pixels", fault, width).isEmpty();
    }
    if (width == 360) {
      assertThat(measured.path("scrolling").asInt())
          .as("tables in boxes of their own")
          .isPositive();
    }
    BufferedImage picture = ImageIO.read(browser().picture(page, width).toFile());
    assertThat(picture.getWidth()).isEqualTo(width);
    assertThat(colours(picture)).isGreaterThan(64);
  }

  private static long colours(BufferedImage picture) {
    int[] pixels =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    return Arrays.stream(pixels).distinct().count();
  }

  private Chromium browser() {
    return new Chromium(Chromium.find().orElseThrow(), directory);
  }

  /** Measures in a copy, which may run the script that measures. */
  private JsonNode measured(Path page, int width) throws IOException, InterruptedException {
    String policy = "style-src 'unsafe-inline'";
    String text = Files.readString(page);
    assertThat(text).contains(policy);
    Path copy =
        Files.writeString(
            directory.resolve("copy.html"),
            text.replace(policy, policy + "; script-src 'unsafe-inline'")
                .replace("<title>", "<script>" + script() + "</script><title>"));
    String dom = browser().dom(framed(copy, width), width);
    Matcher result = Pattern.compile("<pre id=\"measured\">([^<]+)</pre>").matcher(dom);
    assertThat(result.find()).as("the script has run").isTrue();
    return JSON.readTree(
        new String(Base64.getDecoder().decode(result.group(1)), StandardCharsets.UTF_8));
  }

  /** A window is never as narrow as a phone, but a frame may be; it tells its page the result. */
  private Path framed(Path page, int width) throws IOException {
    return Files.writeString(
        directory.resolve("frame.html"),
        String.format(
            Locale.ROOT,
            "<!DOCTYPE html><html><body style=\"margin:0\"><pre id=\"measured\"></pre><script>"
                + "onmessage = event => {"
                + " document.getElementById('measured').textContent = event.data; };</script>"
                + "<iframe style=\"border:0;width:%dpx;height:2000px\" src=\"%s\"></iframe>"
                + "</body></html>",
            width,
            page.toUri()));
  }

  private static String script() throws IOException {
    try (InputStream in = PageInBrowserTest.class.getResourceAsStream("measure.js")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Long names, many layers, a guard, latencies, an analysis and something missing. */
  private static Path everything(Path report) throws IOException {
    Task all =
        Reports.task(
            "a task of a " + "very ".repeat(12) + "long name",
            480,
            id -> "not ( True and False ) or row " + id + " word".repeat(60));
    Task other =
        Reports.task(
            "a_guarded_task_that_has_a_name_without_any_space_in_it", 60, id -> "guard " + id);
    LayerAnalysis analysis = Reports.analysis(24);
    String reason = "Model organisation/model offers no scaled layers; use another runtime";
    return Tale.pruner()
        .heldOut(all.slice(240, 480))
        .guard(other, 0.05)
        .prune(
            ScriptedModel.named(
                    "organisation/a-model-of-a-long-name-instruct-onnx",
                    24,
                    Script.additive(3),
                    all,
                    other)
                .measuredBy(Reports::measure),
            all.slice(0, 240))
        .writeReport(
            report,
            new LayerAnalysis(
                analysis.importance(),
                analysis.agreements(),
                analysis.information(),
                List.of(new Missing(Kind.IMPORTANCE, "gate gradient", reason))));
  }

  private static Path severalTasks(Path report) throws IOException {
    Task first = Reports.task("first", 120, id -> "first " + id);
    Task second = Reports.task("second", 80, id -> "second " + id);
    return Tale.pruner()
        .heldOut(first.slice(60, 120), second.slice(40, 80))
        .strategy(SearchStrategy.spans())
        .prune(
            ScriptedModel.ofParts(16, Script.additive(5), first, second)
                .measuredBy(Reports::measure),
            WeightedTasks.of(first.slice(0, 60), 2).and(second.slice(0, 40), 1))
        .writeReport(
            report, Reports.analysis(32).of("first").and(Reports.analysis(32).of("second")));
  }
}
