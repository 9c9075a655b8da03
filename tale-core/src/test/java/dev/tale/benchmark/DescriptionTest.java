package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.DataFormatException;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.task.DataSplit;
import dev.tale.task.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions of the user's own: what they can say, and what is refused with file and line. */
class DescriptionTest {
  private static final String CHOICE =
      """
      name: floats
      type: multiple_choice
      data: rows.jsonl
      prompt: "{{thing}}?"
      choices: ["no", "yes"]
      target: {boolean: floats}
      """;
  private static final String GENERATION =
      """
      name: floats
      type: generation
      data: rows.jsonl
      prompt: "{{thing}}?"
      target: "{{floats}}"
      """;

  private static final List<String> BUILT_IN =
      DescriptionFile.BUILT_IN.stream().map(DescriptionTest::text).toList();

  @TempDir Path folder;

  private static String text(String name) {
    try (InputStream text = DescriptionFile.class.getResourceAsStream(name + ".yaml")) {
      return new String(Objects.requireNonNull(text).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void writeRows() throws IOException {
    Files.writeString(
        folder.resolve("rows.jsonl"),
        """
        {"thing": "cork", "floats": true, "names": ["a", "b"]}
        {"thing": "iron", "floats": false, "names": ["c", "d"]}
        """);
  }

  private Task task(String description) throws IOException {
    return Tasks.fromFile(Files.writeString(folder.resolve("task.yaml"), description));
  }

  private static String prompt(Task task) {
    Request asked = task.requests(0).get(0);
    Prompt prompt =
        asked instanceof Request.Generation generation
            ? generation.prompt()
            : ((Request.LogLikelihood) asked).prompt();
    return ((Prompt.Text) prompt).text();
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String description, int line) {
    return assertThatThrownBy(() -> task(description))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("task.yaml, line " + line + ": ");
  }

  @Test
  void yamlAndJsonSayTheSame() throws IOException {
    Path json =
        Files.writeString(
            folder.resolve("task.json"),
            """
            {"name": "floats", "type": "multiple_choice", "data": "rows.jsonl",
             "prompt": "{{thing}}?", "choices": ["no", "yes"], "target": {"boolean": "floats"}}
            """);

    assertThat(Tasks.fromFile(json).contentHash()).isEqualTo(task(CHOICE).contentHash());
    assertThat(prompt(task(CHOICE))).isEqualTo("cork?");
    assertThat(task(CHOICE).target(0)).isEqualTo("yes");
    assertThat(task(CHOICE).dataSplit()).isEqualTo(DataSplit.UNSPECIFIED);
  }

  @Test
  void anotherFileMayTakeThePlaceOfTheData() throws IOException {
    Path description = Files.writeString(folder.resolve("task.yaml"), CHOICE);
    Path rows =
        Files.writeString(
            folder.resolve("train.jsonl"), "{\"thing\": \"ice\", \"floats\": true}\n");

    Task task = Tasks.fromFile(description, rows);

    assertThat(prompt(task)).isEqualTo("ice?");
    assertThat(task.dataSplit()).isEqualTo(DataSplit.TRAIN);
  }

  @Test
  void shotsComeFromExamplesOrAFile() throws IOException {
    String given = "shots: {examples: [{thing: wax, floats: \"true\"}]}\n";
    String pool = "shots: {count: 1, pool: rows.jsonl}\n";

    assertThat(prompt(task(CHOICE + given))).isEqualTo("wax? yes\n\ncork?");
    assertThat(prompt(task(CHOICE + pool))).isEqualTo("iron? no\n\ncork?");
    assertThat(prompt(task(CHOICE + pool + "shot_delimiter: \"; \"\ntarget_delimiter: \" - \"\n")))
        .isEqualTo("iron? - no; cork?");
  }

  @Test
  void shotsOfAGenerationMayAnswerSomethingElse() throws IOException {
    String shots =
        """
        shots:
          target: "because {{why}}"
          examples: [{thing: wax, why: it is light}]
        """;

    assertThat(prompt(task(GENERATION + shots))).isEqualTo("wax? because it is light\n\ncork?");
  }

  @Test
  void functionsEditTexts() throws IOException {
    String functions =
        """
        functions:
          shout: [uppercase, {replace: K, with: C}, {remove: "^C"}, trim]
        """;

    assertThat(
            prompt(
                task(functions + CHOICE.replace("{{thing}}", "{{#shout}} {{thing}} {{/shout}}"))))
        .isEqualTo(" CORC?".strip());
  }

  @Test
  void capitalizeIsPythons() {
    assertThat(TextFunction.STANDARD.get("capitalize").apply("hELLO iT")).isEqualTo("Hello it");
    assertThat(TextFunction.STANDARD.get("capitalize").apply("\u00dfA")).isEqualTo("Ssa");
    assertThat(TextFunction.STANDARD.get("capitalize").apply("\u01c6X")).isEqualTo("\u01c5x");
    assertThat(TextFunction.STANDARD.get("capitalize").apply("")).isEmpty();
  }

  @Test
  void nothingIsEscapedAndDataAreNotTemplates() throws IOException {
    Files.writeString(
        folder.resolve("rows.jsonl"), "{\"thing\": \"<a & 'b'> {{floats}}\", \"floats\": true}\n");

    assertThat(prompt(task(CHOICE))).isEqualTo("<a & 'b'> {{floats}}?");
  }

  @Test
  void aBuiltInTaskCanBeTheBase() throws IOException {
    Files.writeString(
        folder.resolve("test.jsonl"), "{\"question\": \"1 + 1?\", \"answer\": \"#### 2\"}\n");

    Task task =
        task(
            """
            base: gsm8k
            name: short
            data: test.jsonl
            max_new_tokens: 7
            shots: {count: 0}
            """);

    Request.Generation asked = (Request.Generation) task.requests(0).get(0);
    assertThat(asked.maxNewTokens()).isEqualTo(7);
    assertThat(asked.stops()).contains("Question:");
    assertThat(task.name()).isEqualTo("short");
  }

  @Test
  void fieldsOfOnesOwnReplaceTheSchemasOfTheBase() throws IOException {
    Task task =
        task("""
            base: arc_easy
            name: mine
            data: rows.jsonl
            fields: {question: thing, choices: names, labels: names, answer: answer}
            """
                .replace("answer: answer", "answer: names.0"))
            .slice(0, 1);

    assertThat(task.target(0)).isEqualTo("a");
  }

  @Test
  void aConversation() throws IOException {
    Task task = task(GENERATION + "chat: {system: Be brief., answer_start: \"It is\"}\n");

    Prompt.Chat chat = (Prompt.Chat) ((Request.Generation) task.requests(0).get(0)).prompt();
    assertThat(chat.answerStart()).isEqualTo("It is");
    assertThat(chat.messages().get(0).content()).isEqualTo("Be brief.");
  }

  @Test
  void everyMetricAndExtractionHasAName() throws IOException {
    for (String metric :
        new String[] {"exact_match", "numeric", "math_hendrycks", "math_minerva"}) {
      assertThat(task(GENERATION + "metric: " + metric + "\n").size()).isEqualTo(2);
    }
    String steps =
        "extraction: [as_is, trim, first_line, lowercase, uppercase, last_number, boxed,"
            + " math_hendrycks, math_minerva, {first_match: a}, {last_match: b},"
            + " {match: c, index: -2}, {before: [d, e]}]\n";
    assertThat(task(GENERATION + steps).size()).isEqualTo(2);
    assertThat(task(CHOICE + "metric: acc_bytes\n").metric()).isEqualTo("acc_bytes");
  }

  @Test
  void anUnknownKeyNamesTheNearest() {
    refused(CHOICE + "metrics: acc\n", 7).hasMessageContaining("did you mean metric?");
    refused(CHOICE.replace("{boolean:", "{bool:"), 6).hasMessageContaining("boolean?");
  }

  @Test
  void aRepeatedKeyNamesBothLines() {
    refused(CHOICE + "name: again\n", 7).hasMessageContaining("name is also on line 1");
  }

  @Test
  void aMissingKey() {
    refused(CHOICE.replace("name: floats\n", ""), 1).hasMessageContaining("lacks name");
    refused(CHOICE.replace("type: multiple_choice\n", ""), 1).hasMessageContaining("lacks type");
    refused(CHOICE.replaceAll("(?m)^target.*\n", ""), 1).hasMessageContaining("lacks target");
    refused(CHOICE.replaceAll("(?m)^choices.*\n", ""), 1).hasMessageContaining("lacks choices");
    refused(CHOICE.replaceAll("(?m)^data.*\n", ""), 1).hasMessageContaining("lacks data");
  }

  @Test
  void aWrongValueNamesTheNearest() {
    refused(CHOICE.replace("multiple_choice", "multiple-choice"), 2)
        .hasMessageContaining("did you mean multiple_choice?");
    refused(CHOICE + "metric: accuracy\n", 7).hasMessageContainingAll("accuracy", "acc_norm");
    refused(GENERATION + "metric: acc\n", 6).hasMessageContaining("exact_match");
    refused(GENERATION + "extraction: [trim, boxes]\n", 6).hasMessageContaining("boxed?");
    refused(CHOICE + "split: tests\n", 7).hasMessageContaining("did you mean test?");
    refused("base: gsm9k\nname: x\n", 1).hasMessageContaining("gsm8k?");
  }

  @Test
  void aKeyThatHasNoMeaningHere() {
    refused(CHOICE + "stops: [x]\n", 7).hasMessageContaining("in multiple choice");
    refused(CHOICE + "continuation: x\n", 7).hasMessageContaining("without contexts");
    refused(GENERATION + "answer: letter\n", 6).hasMessageContaining("without choices");
    refused(CHOICE + "shots: {count: 1, seed: 3, pool: rows.jsonl}\n", 7)
        .hasMessageContaining("where the first are taken");
    refused(CHOICE + "shots: {count: 1, pool: rows.jsonl, target: x}\n", 1)
        .hasMessageContaining("shots has target");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-3", "many", "1e3", "99999999999999999999"})
  void aNumberThatIsNone(String number) {
    refused(GENERATION + "max_new_tokens: " + number + "\n", 6)
        .hasMessageContainingAll("\"" + number + "\"", "from 1");
  }

  @Test
  void shotsThatAreNotThere() {
    refused(CHOICE + "shots: {count: 2, examples: [{thing: wax, floats: true}]}\n", 7)
        .hasMessageContainingAll("count is \"2\"", "from 0 to 1");
    refused(CHOICE + "shots: {count: 2}\n", 1).hasMessageContaining("neither pool nor examples");
    assertThatThrownBy(() -> task(CHOICE + "shots: {count: 3, pool: rows.jsonl}\n"))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContainingAll("rows.jsonl", "2 rows", "3 are wanted");
  }

  @Test
  void aRegularExpressionThatIsNone() {
    refused(GENERATION + "extraction: {first_match: \"(\"}\n", 6)
        .hasMessageContaining("not a regular expression");
    refused(GENERATION + "metric: {exact_match: {ignore: [\"[\"]}}\n", 6)
        .hasMessageContaining("not a regular expression");
  }

  @Test
  void aTemplateThatIsNone() {
    refused(CHOICE.replace("{{thing}}", "{{#thing}}"), 4).hasMessageContaining("prompt");
    refused(CHOICE.replace("{{thing}}", "{{}}"), 4).hasMessageContaining("a tag has no name");
    refused(CHOICE.replace("{{thing}}", "{{>other}}"), 4).hasMessageContaining("{{>other}}");
  }

  @Test
  void aTemplateThatUsesWhatFieldsDoNotDefine() {
    refused(
            "fields: {thing: thing, floats: floats}\n" + CHOICE.replace("{{thing}}", "{{think}}"),
            5)
        .hasMessageContainingAll("{{think}}", "did you mean thing?");
  }

  @Test
  void aTemplateThatUsesWhatARowLacks() {
    assertThatThrownBy(() -> task(CHOICE.replace("{{thing}}", "{{think}}")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContainingAll("rows.jsonl, line 1: ", "think is missing", "task.yaml, line 4");
  }

  @Test
  void aTemplateThatUsesAListAsAText() {
    assertThatThrownBy(() -> task(CHOICE.replace("{{thing}}", "{{names}}")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContainingAll("rows.jsonl, line 1: ", "a list, not a text");
  }

  @Test
  void templatesReachNothingButTheRow() {
    assertThatThrownBy(() -> task(CHOICE.replace("{{thing}}", "{{thing.class.name}}")))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("thing.class.name is missing");
  }

  @Test
  void anchorsAliasesAndTags() {
    refused(CHOICE + "description: &a [text]\n", 7).hasMessageContaining("anchor");
    refused(CHOICE + "description: *a\n", 7);
    refused(CHOICE + "description: !!java.net.URL [\"http://localhost\"]\n", 7)
        .hasMessageContaining("tag");
  }

  @Test
  void notYamlAndNotOneDocument() {
    refused("name: [floats\n", 1).hasMessageContaining("not YAML");
    refused(CHOICE + "---\nname: other\n", 8).hasMessageContaining("second document");
    refused("- a list\n", 1).hasMessageContaining("must be a mapping");
    assertThatThrownBy(() -> task("")).hasMessageContaining("is empty");
    refused(CHOICE + "description:\n", 7).hasMessageContaining("has no value");
  }

  @Test
  void aFileOfAnotherKind() throws IOException {
    Path text = Files.writeString(folder.resolve("task.txt"), CHOICE);
    Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'n', ':', ' ', (byte) 0xe9});
    Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);

    assertThatThrownBy(() -> Tasks.fromFile(text)).hasMessageContaining(".yaml, .yml or .json");
    assertThatThrownBy(() -> Tasks.fromFile(latin)).hasMessageContaining("is not UTF-8");
    assertThatThrownBy(() -> Tasks.fromFile(large)).hasMessageContaining("1048577 bytes");
  }

  /** However a description is damaged, it is read or refused, and nothing else happens. */
  @Property(tries = 300)
  void aDamagedDescription(
      @ForAll @IntRange(max = 22) int which,
      @ForAll @IntRange(max = 2000) int at,
      @ForAll @IntRange(max = 12) int deleted,
      @ForAll @Chars({'{', '}', '[', ']', ':', ',', '"', '#', '&', '*', '-', '\\', '\n', 'x'})
          char inserted)
      throws IOException {
    String whole = BUILT_IN.get(which);
    int from = Math.min(at, whole.length());
    int to = Math.min(from + deleted, whole.length());
    String damaged = whole.substring(0, from) + inserted + whole.substring(to);
    Path file = Path.of("damaged.yaml");
    try {
      assertThat(Description.of(SettingsParser.parse(file, damaged)).name()).isNotBlank();
    } catch (DataFormatException e) {
      assertThat(e).hasMessageStartingWith("damaged.yaml");
    }
  }

  @Test
  void builtInDescriptionsAreWhole() {
    for (String name : DescriptionFile.BUILT_IN) {
      assertThat(DescriptionFile.builtIn(name).name()).isEqualTo(name);
    }
  }
}
