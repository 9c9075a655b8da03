package dev.tale.report.section;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.tale.PruneResult;
import dev.tale.Tale;
import dev.tale.analysis.LayerAnalysis;
import dev.tale.chart.Xml;
import dev.tale.document.MarkdownText;
import dev.tale.evaluate.Configuration;
import dev.tale.evaluate.PairedComparison;
import dev.tale.evaluate.WeightedTasks;
import dev.tale.model.LayerMask;
import dev.tale.policy.TradeOff;
import dev.tale.report.SearchRun;
import dev.tale.search.Round;
import dev.tale.search.SearchStrategy;
import dev.tale.task.Decoding;
import dev.tale.task.Example;
import dev.tale.task.Task;
import dev.tale.testing.Script;
import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

class ReportFilesTest {
  private static final int LAYERS = 8;
  private static final List<String> SECTIONS =
      List.of(
          "summary",
          "answers",
          "trajectory",
          "rounds",
          "latency",
          "importance",
          "information",
          "flips",
          "provenance");

  @TempDir Path directory;
  private final PruneResult result = Reports.result(LAYERS, 120);

  ReportFilesTest() throws IOException {}

  private Path written() throws IOException {
    Path target = directory.resolve("report");
    assertThat(result.writeReport(target, Reports.analysis(LAYERS)))
        .isEqualTo(target.resolve("index.html"));
    return target;
  }

  private Xml page() throws IOException {
    return Xml.parse(Files.readString(written().resolve("index.html")));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void report_writesFourFilesAndNothingBesides() throws IOException {
    assertThat(names(written()))
        .containsExactly("index.html", "report.json", "report.md", "trajectory.csv");
    assertThat(names(directory)).containsExactly("report");
  }

  @Test
  void report_intoAnEmptyDirectory() throws IOException {
    Files.createDirectory(directory.resolve("report"));
    assertThat(written().resolve("index.html")).isNotEmptyFile();
  }

  @Test
  void report_directoryThatIsNotEmpty_isRefusedAndLeftAlone() throws IOException {
    Path file = Files.writeString(directory.resolve("mine.txt"), "mine");
    assertThatThrownBy(() -> result.writeReport(directory))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(directory.toString())
        .hasMessageContaining("not empty")
        .hasMessageContaining("give a new or empty directory");
    assertThatThrownBy(() -> result.writeReport(file))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("not a directory");
    assertThat(names(directory)).containsExactly("mine.txt");
    assertThat(file).hasContent("mine");
  }

  @Test
  void report_directoryThatCannotBeMade_leavesNothing() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> result.writeReport(file.resolve("report")))
        .isInstanceOf(IOException.class);
    assertThat(names(directory)).containsExactly("file");
  }

  @Test
  void report_theSameResult_isTheSameBytes() throws IOException {
    Path first = written();
    Path second = directory.resolve("second");
    result.writeReport(second, Reports.analysis(LAYERS));
    for (String file : names(first)) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
    }
  }

  /** Of two runs of a search only what a run took may differ. */
  @Test
  void report_anotherRunInAnotherLocale_differsInItsTimesAlone() throws IOException {
    Path first = written();
    Locale locale = Locale.getDefault();
    Path second = directory.resolve("second");
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      Reports.result(LAYERS, 120).writeReport(second, Reports.analysis(LAYERS));
    } finally {
      Locale.setDefault(locale);
    }
    for (String file : List.of("index.html", "report.md", "trajectory.csv")) {
      assertThat(second.resolve(file)).hasSameBinaryContentAs(first.resolve(file));
    }
    String seconds = "\"seconds\" : [^,]*,";
    assertThat(Files.readString(second.resolve("report.json")).replaceAll(seconds, ""))
        .isEqualTo(Files.readString(first.resolve("report.json")).replaceAll(seconds, ""));
  }

  @Test
  void page_hasEverySectionWithItsPlots() throws IOException {
    Xml page = page();
    assertThat(page.find("//section").stream().map(section -> section.getAttribute("id")))
        .isEqualTo(SECTIONS);
    assertThat(page.find("//nav//a").stream().map(link -> link.getAttribute("href").substring(1)))
        .isEqualTo(SECTIONS);
    for (String id :
        List.of("answers", "trajectory", "rounds", "latency", "importance", "information")) {
      assertThat(page.find("//section[@id='" + id + "']//figure//svg")).as(id).isNotEmpty();
      assertThat(page.find("//section[@id='" + id + "']//table")).as(id).isNotEmpty();
    }
    assertThat(page.find("//section[@id='importance']//figure")).hasSize(2);
  }

  @Test
  void page_needsNothingElse() throws IOException {
    String page = Files.readString(written().resolve("index.html"));
    assertThat(page)
        .doesNotContainIgnoringCase("http:")
        .doesNotContainIgnoringCase("https:")
        .doesNotContainIgnoringCase("<script")
        .doesNotContain("@import", "src=", "//");
    assertThat(page.lines().filter(line -> line.contains("url(")))
        .allMatch(line -> line.matches(".*url\\(#[a-z-]+\\).*"));
    assertThat(page).contains("default-src 'none'");
  }

  @Test
  void page_idsAreUniqueAndReferencesLead() throws IOException {
    Xml page = page();
    List<String> ids =
        page.find("//*[@id]").stream().map(element -> element.getAttribute("id")).toList();
    assertThat(ids).doesNotHaveDuplicates();
    for (Element element : page.find("//*[@aria-labelledby]")) {
      assertThat(ids).contains(element.getAttribute("aria-labelledby").split(" "));
    }
  }

  @Test
  void page_everyMarkOfThePathIsInTheTable() throws IOException {
    Xml page = page();
    int path = result.report().path().size();
    assertThat(path).isGreaterThan(2);
    assertThat(page.find("//*[@id='trajectory']//g[@class='series s1']//circle")).hasSize(path);
    assertThat(page.find("//*[@id='trajectory']//g[@class='series s2']/g/path")).hasSize(path);
    assertThat(page.find("//*[@id='trajectory']//tbody/tr")).hasSize(path);
    assertThat(page.texts("//*[@id='trajectory']//tbody/tr/td[3]"))
        .isEqualTo(
            result.report().path().stream().map(entry -> Figures.score(entry.score())).toList());
    assertThat(page.texts("//*[@id='trajectory']//g[@class='mark']/text"))
        .containsExactly("BEST chosen", "BSBA", "FINAL");
  }

  @Test
  void page_cellsSayWhatTheRoundsKnow() throws IOException {
    Xml page = page();
    List<Round> rounds = result.report().trajectory().rounds();
    int candidates = rounds.stream().mapToInt(round -> round.candidates().size()).sum();
    int left = rounds.stream().mapToInt(round -> round.left().size()).sum();
    int removed = IntStream.range(0, rounds.size()).sum();
    String cells = "//*[@id='rounds']//g[starts-with(@class,'cell";
    int legend = 1;
    assertThat(page.find(cells + " known')]")).hasSize(candidates + legend);
    assertThat(page.find(cells + " bounds')]")).hasSize(left + legend);
    assertThat(page.find(cells + " gone')]")).hasSize(removed + legend);
    assertThat(left).isPositive();
    assertThat(page.find("//*[@id='rounds']//tbody/tr")).hasSize(candidates + left);
    long accepted = rounds.stream().filter(round -> round.accepted().isPresent()).count();
    assertThat(page.find("//*[@id='rounds']//g[@class='border chosen']"))
        .hasSize((int) accepted + legend);
  }

  @Test
  void page_whereNothingIsMeasured_saysSo() throws IOException {
    Task rows = Reports.task("rows", 30, id -> "row " + id);
    Tale.prune(ScriptedModel.of(3, Script.additive(3), rows), rows)
        .writeReport(directory.resolve("report"));
    Xml page = Xml.parse(Files.readString(directory.resolve("report/index.html")));
    assertThat(page.texts("//*[@id='latency']/p").get(0)).contains("Latency was not measured");
    assertThat(page.texts("//*[@id='importance']/p").get(0)).contains("No measure");
    assertThat(page.texts("//*[@id='information']/p").get(0)).contains("not measured");
    assertThat(page.find("//*[@id='latency' or @id='importance' or @id='information']//svg"))
        .isEmpty();
  }

  @Test
  void page_flipsAreThoseOfTheComparison() throws IOException {
    Xml page = page();
    PairedComparison versus = result.report().best().versusBaseline().get(0);
    assertThat(versus.gained() + versus.lost()).isPositive();
    String heldOut = "//*[@id='flips']//table[caption='Changed held-out rows']//tbody/tr";
    assertThat(page.find(heldOut + "[td='gained']")).hasSize(versus.gained());
    assertThat(page.find(heldOut + "[td='lost']")).hasSize(versus.lost());
  }

  /** Whatever texts users have, the page is well-formed, and the texts are texts. */
  @Test
  void files_hostileTextsAreTexts() throws IOException {
    Task all = Reports.task("task " + Reports.MARKUP, 200, id -> id + Reports.HOSTILE);
    Task other = Reports.task("=HYPERLINK(\"x\")", 60, id -> "guard " + id);
    PruneResult hostile =
        Tale.pruner()
            .heldOut(all.slice(100, 200))
            .guard(other, 0.0)
            .prune(
                ScriptedModel.named(Reports.HOSTILE, 6, ReportFilesTest::needingLayer0, all, other),
                all.slice(0, 100));
    Path report = directory.resolve("report");
    hostile.writeReport(report);
    String text = Files.readString(report.resolve("index.html"));
    assertThat(text)
        .doesNotContain("<script")
        .doesNotContain("\u0007", "\u0000", "\u202e", "\ufffe", "\ufffd")
        .contains("\\u0007", "\\u202E", "\\uD800");
    Xml page = Xml.parse(text);
    assertThat(page.texts("//h1").get(0)).contains("<script>alert(\"1\")</script> & '|`*=");
    assertThat(page.texts("//*[@id='flips']//tbody/tr/td[2]"))
        .isNotEmpty()
        .allMatch(prompt -> prompt.contains("<script>") && prompt.contains("\u05d0\u05d1\u05d2"));
    assertTablesAreEven(Files.readString(report.resolve("report.md")));
    JsonNode json = new ObjectMapper().readTree(report.resolve("report.json").toFile());
    assertThat(json.path("flips").get(0).path("task").asText()).isEqualTo(all.name());
    assertThat(csv(report).stream().map(row -> row.getField("refused_by")).distinct())
        .containsExactlyInAnyOrder("", "'=HYPERLINK(\"x\")");
  }

  /** Without layer 0 or 1 all rows are right; those of the guard come last and need layer 0. */
  private static boolean needingLayer0(LayerMask mask, int row) {
    if (row >= 200) {
      return !mask.removes(0);
    }
    if (row % 4 == 0) {
      return mask.removes(0) || mask.removes(1);
    }
    return mask.removed().stream().allMatch(layer -> layer < 2);
  }

  private static void assertTablesAreEven(String markdown) {
    List<String> lines = markdown.lines().toList();
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).startsWith("|") && lines.get(i - 1).startsWith("|")) {
        assertThat(bars(lines.get(i))).as(lines.get(i)).isEqualTo(bars(lines.get(i - 1)));
      }
    }
    assertThat(markdown).doesNotContain("<script");
  }

  private static int bars(String line) {
    return line.replace("\\\\", "").replace("\\|", "").replaceAll("[^|]", "").length();
  }

  @Test
  void markdown_saysWhatThePageSays() throws IOException {
    Path report = written();
    String markdown = Files.readString(report.resolve("report.md"));
    assertTablesAreEven(markdown);
    Xml page = Xml.parse(Files.readString(report.resolve("index.html")));
    for (String sentence : page.texts("//section/p")) {
      assertThat(markdown).contains(MarkdownText.escape(sentence));
    }
    assertThat(markdown.lines().filter(line -> line.startsWith("|---")))
        .hasSameSizeAs(page.find("//table"));
  }

  private static List<NamedCsvRecord> csv(Path report) throws IOException {
    try (CsvReader<NamedCsvRecord> reader =
        CsvReader.builder().ofNamedCsvRecord(report.resolve("trajectory.csv"))) {
      return reader.stream().toList();
    }
  }

  @Test
  void csv_hasARowForEachCandidateOfEachRound() throws IOException {
    List<NamedCsvRecord> rows = csv(written());
    List<String> expected = new ArrayList<>(List.of("0 baseline"));
    int number = 0;
    for (Round round : result.report().trajectory().rounds()) {
      number++;
      for (Configuration candidate : round.candidates()) {
        expected.add(
            number
                + (round.accepted().equals(Optional.of(candidate)) ? " accepted" : " candidate"));
      }
      for (int i = 0; i < round.left().size(); i++) {
        expected.add(number + " left");
      }
    }
    assertThat(rows.stream().map(row -> row.getField("round") + " " + row.getField("status")))
        .isEqualTo(expected);
    List<Configuration> path = result.report().path();
    List<NamedCsvRecord> accepted =
        rows.stream().filter(row -> !row.getField("held_out_accuracy").isEmpty()).toList();
    assertThat(accepted).hasSameSizeAs(path);
    for (int step = 0; step < path.size(); step++) {
      NamedCsvRecord row = accepted.get(step);
      assertThat(Double.parseDouble(row.getField("accuracy")))
          .isEqualTo(path.get(step).score().accuracy());
      assertThat(Integer.parseInt(row.getField("held_out_correct")))
          .isEqualTo(path.get(step).heldOut().orElseThrow().correct());
      assertThat(row.getField("removed").split(" "))
          .hasSize(Math.max(1, path.get(step).mask().removedCount()));
    }
  }

  @Test
  void json_isTheResultsWithFlipsAndAnalysis() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    JsonNode json = mapper.readTree(written().resolve("report.json").toFile());
    JsonNode plain = mapper.readTree(result.toJson());
    plain
        .fieldNames()
        .forEachRemaining(name -> assertThat(json.get(name)).isEqualTo(plain.get(name)));
    assertThat(json.path("format").asInt()).isEqualTo(1);
    assertThat(json.path("latency").path("steps")).hasSameSizeAs(result.report().path());
    assertThat(json.path("layerAnalysis").path("importance").get(1).path("layers")).hasSize(LAYERS);
    assertThat(json.path("layerAnalysis").path("information").get(0).path("falls").get(0).asInt())
        .isEqualTo(3);
    assertThat(json.path("chosenLayers")).isEqualTo(json.path("best").path("removedLayers"));
    assertThat(json.path("flips")).hasSameSizeAs(content(result).flips());
  }

  private static ReportContent content(PruneResult result) {
    Task all =
        Reports.task(
            "boolean_expressions",
            240,
            id -> "not ( True and False ) or row " + id + " is it so, or is it not?");
    SearchRun run =
        new SearchRun(
            result.report(),
            TradeOff.best(),
            Duration.ZERO,
            Optional.empty(),
            Optional.empty(),
            "no run");
    return new ReportContent(
        run,
        WeightedTasks.of(all.slice(0, 120), 1),
        Optional.of(WeightedTasks.of(all.slice(120, 240), 1)),
        LayerAnalysis.none());
  }

  /** A candidate of a later round lacks what earlier rounds removed, too. */
  @Test
  void page_cellsNameEveryLayerThatTheirCandidateLacks() throws IOException {
    Xml page = page();
    List<Round> rounds = result.report().trajectory().rounds();
    List<String> rows = page.texts("//*[@id='rounds']//tbody/tr");
    List<String> titles = page.texts("//*[@id='rounds']//rect/title");
    LayerMask before = LayerMask.none(LAYERS);
    for (Round round : rounds) {
      List<String> others = before.removed().stream().map(String::valueOf).toList();
      for (Configuration candidate : round.candidates()) {
        int layer =
            candidate.mask().removed().stream()
                .filter(each -> !others.contains(String.valueOf(each)))
                .findFirst()
                .orElseThrow();
        String besides = others.isEmpty() ? "" : ", besides " + String.join(", ", others);
        String whole =
            "without "
                + layer
                + besides.replaceFirst(", (\\d)$", others.size() > 1 ? " and $1" : ", $1");
        assertThat(titles).contains(whole + ": " + Figures.score(candidate.score()));
        assertThat(rows).anyMatch(row -> row.contains(whole + ": "));
      }
      before = round.accepted().map(Configuration::mask).orElse(before);
    }
    assertThat(titles).anyMatch(title -> title.matches("without \\d, besides \\d and \\d:.*"));
  }

  @Test
  void page_ofSpansNamesTheWholeSpan() throws IOException {
    Task rows = Reports.task("rows", 40, id -> "row " + id);
    Tale.pruner()
        .strategy(SearchStrategy.spans())
        .prune(ScriptedModel.of(5, Script.additive(3), rows), rows)
        .writeReport(directory.resolve("report"));
    Xml page = Xml.parse(Files.readString(directory.resolve("report/index.html")));
    assertThat(page.texts("//*[@id='rounds']//rect/title"))
        .anyMatch(title -> title.startsWith("without 2, besides "));
  }

  @Test
  void report_sayWhatIsRightMostOften() throws IOException {
    Task rows = Reports.task("rows", 41, id -> "row " + id);
    PruneResult mixed = Tale.prune(ScriptedModel.of(3, Script.additive(3), rows), rows);
    String sentence =
        "Of 41 selection rows, 21 have the commonest right answer, \"no\" (option 0).";
    assertThat(mixed.toString()).contains(sentence).doesNotContain("the right answer of all");
    JsonNode json = new ObjectMapper().readTree(mixed.toJson()).path("rightAnswers").path(0);
    assertThat(json.path("commonest").asText()).isEqualTo("option 0");
    assertThat(json.path("count").asInt()).isEqualTo(21);
    assertThat(json.path("oneAnswer").asBoolean()).isFalse();
  }

  @Test
  void report_warnsWhereOneAnswerIsAlwaysRight() throws IOException {
    Task rows =
        Task.multipleChoice(
            "rows",
            IntStream.range(0, 30).boxed().toList(),
            id -> Example.multipleChoice("row " + id, List.of("no", "yes"), 1));
    PruneResult one = Tale.prune(ScriptedModel.of(3, Script.additive(3), rows), rows);
    String warning = "Warning: the right answer of all 30 selection rows is \"yes\" (option 1).";
    assertThat(one.toString()).contains(warning);
    JsonNode json = new ObjectMapper().readTree(one.toJson()).path("rightAnswers").path(0);
    assertThat(json.path("oneAnswer").asBoolean()).isTrue();
    one.writeReport(directory.resolve("report"));
    Xml page = Xml.parse(Files.readString(directory.resolve("report/index.html")));
    assertThat(page.texts("//*[@id='summary']/p")).anyMatch(said -> said.startsWith(warning));
    assertThat(Files.readString(directory.resolve("report/report.md")))
        .contains(MarkdownText.escape(warning));
  }

  @Test
  void report_ofGenerationsSaysWhatIsRightMostOften() throws IOException {
    Task rows =
        Task.generation(
            "sums",
            IntStream.range(0, 30).boxed().toList(),
            id -> Example.generation("What is " + id + "?", id < 3 ? "7" : "It is " + id),
            Decoding.until("\n"));
    assertThat(Tale.prune(ScriptedModel.of(3, Script.additive(3), rows), rows).toString())
        .contains("Of 30 selection rows, 3 have the commonest right answer, \"7\".");
  }

  @Test
  void findings_areJudgedOnce() {
    Configuration best = result.report().best();
    assertThat(result.report().evidence(best).orElseThrow())
        .isSameAs(result.report().evidence(best).orElseThrow());
  }

  @Test
  void report_ofSeveralTasksAndParts() throws IOException {
    Task first = Reports.task("first", 80, id -> "first " + id);
    Task second = Reports.task("second", 40, id -> "second " + id);
    PruneResult weighted =
        Tale.pruner()
            .tradeOff(TradeOff.last())
            .prune(
                ScriptedModel.ofParts(4, Script.additive(5), first, second),
                WeightedTasks.of(first, 2).and(second, 1));
    weighted.writeReport(directory.resolve("report"));
    Xml page = Xml.parse(Files.readString(directory.resolve("report/index.html")));
    assertThat(page.texts("//*[@id='summary']//table[caption='By task']//tbody/tr/td[1]"))
        .contains("first", "second");
    assertThat(page.texts("//*[@id='rounds']//text[@class='tick x']")).startsWith("0a", "0m");
    assertThat(page.texts("//*[@id='summary']/p").get(0)).contains("no held-out rows");
    assertThat(page.texts("//*[@id='summary']//tbody/tr/th"))
        .anyMatch(name -> name.endsWith("FINAL, chosen"));
  }

  @Test
  void report_ofASearchThatRemovedNothing() throws IOException {
    Task rows = Reports.task("rows", 30, id -> "row " + id);
    PruneResult nothing =
        Tale.prune(ScriptedModel.of(3, (mask, row) -> mask.removedCount() == 0, rows), rows);
    nothing.writeReport(directory.resolve("report"));
    Xml page = Xml.parse(Files.readString(directory.resolve("report/index.html")));
    assertThat(page.texts("//*[@id='flips']/p").get(0)).contains("the same rows right");
    assertThat(page.texts("//*[@id='summary']/p").get(2)).contains("removes 0 of 3 layers (none)");
  }
}
