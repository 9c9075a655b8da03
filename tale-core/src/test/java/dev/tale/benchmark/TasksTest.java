package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.data.DataFile;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.DataSplit;
import dev.tale.task.Outcome;
import dev.tale.task.Task;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each built-in task asks about rows of our own, in every form in which its data come. */
class TasksTest {
  @TempDir Path folder;

  private static final String ARC_AI2 =
      """
      {"id":"q1","question":{"stem":"Which one floats?","choices":[{"text":"iron","label":"A"},{"text":"cork","label":"B"},{"text":"lead","label":"C"}]},"answerKey":"B"}
      """;
  private static final String ARC_HF =
      """
      {"id": "q1", "question": "Which one floats?", "choices": {"text": ["iron", "cork", "lead"], "label": ["1", "2", "3"]}, "answerKey": "2"}
      """;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static String prompt(Task task, int row, int request) {
    Request asked = task.requests(row).get(request);
    Prompt prompt =
        asked instanceof Request.Generation generation
            ? generation.prompt()
            : ((Request.LogLikelihood) asked).prompt();
    return ((Prompt.Text) prompt).text();
  }

  private static List<String> continuations(Task task, int row) {
    return task.requests(row).stream()
        .map(request -> ((Request.LogLikelihood) request).continuation())
        .toList();
  }

  private static Outcome outcome(Task task, int row, String generated) {
    Response response = new Response.Generation(generated, 1, Response.Stop.STOP_STRING);
    return task.outcome(row, List.of(response));
  }

  @Test
  void arcScoresTheTextsOfTheChoices() throws IOException {
    Task task = Benchmark.ARC_EASY.task(file("ARC-Easy-Dev.jsonl", ARC_AI2));

    assertThat(prompt(task, 0, 0)).isEqualTo("Question: Which one floats?\nAnswer:");
    assertThat(continuations(task, 0)).containsExactly(" iron", " cork", " lead");
    assertThat(task.target(0)).isEqualTo("cork");
    assertThat(task.rowName(0)).isEqualTo("ARC-Easy-Dev.jsonl:1");
    assertThat(task.dataSplit()).isEqualTo(DataSplit.VALIDATION);
    assertThat(task.metric()).isEqualTo("acc");
  }

  @Test
  void arcFromHuggingFaceAsksTheSame() throws IOException {
    Task ours = Benchmark.ARC_CHALLENGE.task(file("a.jsonl", ARC_AI2));
    Task theirs = Benchmark.ARC_CHALLENGE.task(file("b.jsonl", ARC_HF));

    assertThat(theirs.requests(0)).isEqualTo(ours.requests(0));
    assertThat(theirs.target(0)).isEqualTo(ours.target(0));
  }

  @Test
  void rowsOfAnArrayOnOneLineHaveNamesOfTheirOwn() throws IOException {
    String rows = "[" + ARC_HF.strip() + ", " + ARC_HF.strip().replace("q1", "q2") + "]";
    Task task = Benchmark.ARC_EASY.task(file("arc.json", rows));

    assertThat(task.size()).isEqualTo(2);
    assertThat(task.rowName(0)).isEqualTo("arc.json:1");
    assertThat(task.rowName(1)).isEqualTo("arc.json:1#2");
  }

  @Test
  void boolqHasTheTitleWhereTheFileHasIt() throws IOException {
    String rest = "\"question\": \"is cork light\", \"passage\": \"It floats.\"";
    Path google = file("dev.jsonl", "{\"title\": \"Cork\", \"answer\": true, " + rest + "}\n");
    Path huggingFace = file("hf.jsonl", "{\"answer\": false, " + rest + "}\n");

    assertThat(prompt(Benchmark.BOOLQ.task(google), 0, 0))
        .isEqualTo("Cork -- It floats.\nQuestion: is cork light?\nAnswer:");
    assertThat(prompt(Benchmark.BOOLQ.task(huggingFace), 0, 0))
        .isEqualTo("It floats.\nQuestion: is cork light?\nAnswer:");
    assertThat(continuations(Benchmark.BOOLQ.task(google), 0)).containsExactly(" no", " yes");
    assertThat(Benchmark.BOOLQ.task(google).target(0)).isEqualTo("yes");
    assertThat(Benchmark.BOOLQ.task(huggingFace).target(0)).isEqualTo("no");
  }

  @Test
  void superGlueLabelsAreTruthValuesNumbersOrWords() throws IOException {
    String row = "{\"question\": \"q\", \"passage\": \"p\", \"idx\": %d, \"label\": %s}\n";
    Path rows =
        file(
            "val.jsonl",
            row.formatted(0, "true") + row.formatted(1, "0") + row.formatted(2, "\"true\""));

    Task task = Benchmark.BOOLQ.task(rows);

    assertThat(List.of(task.target(0), task.target(1), task.target(2)))
        .containsExactly("yes", "no", "yes");
  }

  @Test
  void commonsenseQaScoresLetters() throws IOException {
    Task task =
        Benchmark.COMMONSENSE_QA.task(
            file(
                "dev_rand_split.jsonl",
                """
                {"answerKey": "E", "id": "x", "question": {"question_concept": "cork", "choices": [{"label": "A", "text": "a1"}, {"label": "B", "text": "b1"}, {"label": "C", "text": "c1"}, {"label": "D", "text": "d1"}, {"label": "E", "text": "e1"}], "stem": " What floats? "}}
                """));

    assertThat(prompt(task, 0, 0))
        .isEqualTo("Question: What floats?\nA. a1\nB. b1\nC. c1\nD. d1\nE. e1\nAnswer:");
    assertThat(continuations(task, 0)).containsExactly(" A", " B", " C", " D", " E");
    assertThat(task.target(0)).isEqualTo("E");
  }

  @Test
  void winograndeScoresTheRestAfterEitherContext() throws IOException {
    Task task =
        Benchmark.WINOGRANDE.task(
            file(
                "dev.jsonl",
                """
                {"qID": "w-1", "sentence": "The cork beat the iron because _ was  light . ", "option1": "the cork", "option2": "the iron", "answer": "1"}
                """));

    assertThat(prompt(task, 0, 0)).isEqualTo("The cork beat the iron because the cork");
    assertThat(prompt(task, 0, 1)).isEqualTo("The cork beat the iron because the iron");
    assertThat(continuations(task, 0)).containsExactly(" was  light .", " was  light .");
  }

  @Test
  void hellaswagIsCleaned() throws IOException {
    Task task =
        Benchmark.HELLASWAG.task(
            file(
                "hellaswag_val.jsonl",
                """
                {"ind": 4, "activity_label": "Rowing", "ctx_a": "[header] How to row [title] Take oars. [step] Sit  down.", "ctx_b": "then Anna ", "label": "1", "endings": ["rows [substeps] home.", " swims.", "sleeps [title] well.", "  sinks   deep."]}
                """));

    assertThat(prompt(task, 0, 0)).isEqualTo("Rowing: How to row. Take oars. Sit down. Then anna");
    assertThat(continuations(task, 0))
        .containsExactly(" rows home.", " swims.", " sleeps. well.", " sinks  deep.");
    assertThat(task.target(0)).isEqualTo("swims.");
  }

  @Test
  void mmluNamesTheSubjectAndScoresLetters() throws IOException {
    Path rows =
        file(
            "test.jsonl",
            """
            {"question": " Is 2 even? ", "subject": "abstract_algebra", "choices": ["None", "NA", "null", "yes"], "answer": 3}
            {"question": "Is 3 odd?", "subject": "virology", "choices": ["a", "a", "b", "c"], "answer": 0}
            """);

    Task task = Benchmark.MMLU.task(rows);

    assertThat(prompt(task, 0, 0))
        .isEqualTo(
            "The following are multiple choice questions (with answers) about abstract algebra.\n\n"
                + "Is 2 even?\nA. None\nB. NA\nC. null\nD. yes\nAnswer:");
    assertThat(prompt(task, 1, 3)).contains("about virology.\n\n").endsWith("Answer:");
    assertThat(continuations(task, 1)).containsExactly(" A", " B", " C", " D");
    assertThat(task.dataSplit()).isEqualTo(DataSplit.TEST);
  }

  @Test
  void mmluShowsTheFirstShotsOfTheSubject() throws IOException {
    String row =
        "{\"question\": \"%s\", \"subject\": \"%s\", \"choices\": [\"w\", \"x\", \"y\", \"z\"],"
            + " \"answer\": 2}\n";
    Path dev =
        file(
            "dev.jsonl",
            row.formatted("d1", "virology")
                + row.formatted("d2", "anatomy")
                + row.formatted("d3", "virology"));
    Path test = file("test.jsonl", row.formatted("t", "virology"));

    Task task = Benchmark.MMLU.shots(2, dev).task(test);

    String options = "\nA. w\nB. x\nC. y\nD. z\nAnswer:";
    assertThat(prompt(task, 0, 0))
        .isEqualTo(
            "The following are multiple choice questions (with answers) about virology.\n\n"
                + ("d1" + options + " C\n\n")
                + ("d3" + options + " C\n\n")
                + ("t" + options));
    assertThatThrownBy(() -> Benchmark.MMLU.shots(3, dev).task(test))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("dev.jsonl", "2 rows", "virology", "3 are wanted");
  }

  @Test
  void mmluOfCsvFilesHasTheSubjectOfTheirNames() throws IOException {
    Path release = Files.createDirectory(folder.resolve("test"));
    Files.writeString(release.resolve("virology_test.csv"), "\"Is it, so?\",a,b,c,d,B\n");
    Files.writeString(release.resolve("anatomy_test.csv"), "What?,1,2,\"3\n4\",NA,D\n");

    Task task = Benchmark.MMLU.task(release);

    assertThat(task.size()).isEqualTo(2);
    assertThat(prompt(task, 0, 0)).contains("about anatomy.").contains("C. 3\n4\nD. NA");
    assertThat(prompt(task, 1, 0)).contains("about virology.").contains("Is it, so?\nA. a");
    assertThat(task.target(1)).isEqualTo("B");
  }

  @Test
  void mmluCanBeOneSubjectOrGroup() throws IOException {
    String row =
        "{\"question\": \"q\", \"subject\": \"%s\", \"choices\": [\"w\", \"x\", \"y\", \"z\"],"
            + " \"answer\": 0}\n";
    Path rows = file("val.jsonl", row.formatted("virology") + row.formatted("anatomy").repeat(2));

    assertThat(Benchmark.MMLU.subject("virology").task(rows).size()).isEqualTo(1);
    assertThat(Benchmark.MMLU.group(MmluGroup.STEM).task(rows).size()).isEqualTo(2);
    assertThat(Benchmark.MMLU.group(MmluGroup.STEM).task(rows).name()).isEqualTo("mmlu_stem");
    assertThatThrownBy(() -> Benchmark.MMLU.group(MmluGroup.HUMANITIES).task(rows))
        .hasMessageContainingAll("val.jsonl", "mmlu_humanities", "[anatomy, virology]");
    assertThatThrownBy(() -> Benchmark.MMLU.subject("virolgy").task(rows))
        .hasMessageContaining("virology?");
  }

  @Test
  void mmluHas57SubjectsInFourGroups() {
    assertThat(MmluGroup.values()).hasSize(4);
    assertThat(List.of(MmluGroup.values()).stream().flatMap(group -> group.subjects().stream()))
        .doesNotHaveDuplicates()
        .hasSize(57);
  }

  private Path booleans() throws IOException {
    return file(
        "boolean_expressions.json",
        """
        {"canary": "c", "examples": [{"input": "not True is", "target": "False"}]}
        """);
  }

  @Test
  void booleanExpressionsTakeTheFirstAnswer() throws IOException {
    Task task = Benchmark.BOOLEAN_EXPRESSIONS.task(booleans());

    assertThat(prompt(task, 0, 0))
        .isEqualTo("Evaluate the result of a random Boolean expression.\n\nQ: not True is\nA:");
    assertThat(((Request.Generation) task.requests(0).get(0)).stops())
        .containsExactly("</s>", "Q:", "<|im_end|>");
    assertThat(outcome(task, 0, " It is False, not True."))
        .extracting(Outcome::correct, Outcome::answer)
        .containsExactly(true, "False");
    assertThat(task.dataSplit()).isEqualTo(DataSplit.TEST);
  }

  @Test
  void booleanExpressionsFewShotTakeTheWholeText() throws IOException {
    Task task = Benchmark.BOOLEAN_EXPRESSIONS_FEW_SHOT.task(booleans());

    assertThat(prompt(task, 0, 0))
        .isEqualTo(
            """
            Evaluate the result of a random Boolean expression.

            Q: not ( ( not not True ) ) is
            A: False

            Q: True and False and not True and True is
            A: False

            Q: not not ( not ( False ) ) is
            A: True

            Q: not True is
            A:\
            """);
    assertThat(outcome(task, 0, "False").correct()).isTrue();
    assertThat(outcome(task, 0, " False").correct()).isFalse();
  }

  @Test
  void booleanExpressionsCotTakeTheLastAnswer() throws IOException {
    Task task = Benchmark.BOOLEAN_EXPRESSIONS_COT.task(booleans());

    assertThat(prompt(task, 0, 0)).endsWith("Q: not True is\nA: Let's think step by step.");
    assertThat(outcome(task, 0, " True? No: False.").correct()).isTrue();
  }

  @Test
  void booleanExpressionsCotFewShotTakeWhatFollowsTheAnswerIs() throws IOException {
    Task task = Benchmark.BOOLEAN_EXPRESSIONS_COT_FEW_SHOT.task(booleans());
    Path examples =
        file("cot.jsonl", "{\"input\": \"True is\", \"target\": \"So the answer is True.\"}\n");
    Task other = Benchmark.BOOLEAN_EXPRESSIONS_COT_FEW_SHOT.examples(examples).task(booleans());

    assertThat(prompt(task, 0, 0))
        .contains("Q: not ( ( not not True ) ) is\nA: Let's think step by step.\nBrackets come")
        .contains(" So the answer is False.\n\nQ: True and")
        .endsWith("Q: not True is\nA: Let's think step by step.\n");
    assertThat(prompt(other, 0, 0))
        .isEqualTo(
            """
            Evaluate the result of a random Boolean expression.

            Q: True is
            A: Let's think step by step.
            So the answer is True.

            Q: not True is
            A: Let's think step by step.
            """);
    assertThat(outcome(task, 0, "So the answer is False.").correct()).isTrue();
  }

  @Test
  void booleanExpressionsChoiceScoresBothAnswers() throws IOException {
    Task task = Benchmark.BOOLEAN_EXPRESSIONS_CHOICE.task(booleans());

    assertThat(prompt(task, 0, 0))
        .startsWith("Evaluate the result of a random Boolean expression.Q: not ( (")
        .endsWith("\n\nQ: not True is\nA:");
    assertThat(continuations(task, 0)).containsExactly(" False", " True");
    assertThat(task.metric()).isEqualTo("acc_norm");
  }

  @Test
  void otherBigBenchHardTasksAreAskedAlike() throws IOException {
    Path dates = file("date.jsonl", "{\"input\": \"When?\", \"target\": \"(B)\"}\n");
    Path counts = file("count.jsonl", "{\"input\": \"How many?\", \"target\": \"8\"}\n");
    Path answers = file("yes.jsonl", "{\"input\": \"So?\", \"target\": \"Yes\"}\n");

    assertThat(prompt(Benchmark.DATE_UNDERSTANDING.task(dates), 0, 0))
        .isEqualTo("Infer the date from context.\n\nQ: When?\nA:");
    assertThat(outcome(Benchmark.DATE_UNDERSTANDING.task(dates), 0, " It is (B).").correct())
        .isTrue();
    assertThat(outcome(Benchmark.OBJECT_COUNTING.task(counts), 0, " 8 things").correct()).isTrue();
    assertThat(outcome(Benchmark.NAVIGATE.task(answers), 0, " yes").correct()).isTrue();
    assertThat(outcome(Benchmark.WEB_OF_LIES.task(answers), 0, " No").correct()).isFalse();
    assertThat(outcome(Benchmark.WORD_SORTING.task(answers), 0, "  Yes ").correct()).isTrue();
  }

  private Path gsm8k(String name) throws IOException {
    return file(
        name,
        """
        {"question": "What is 600 + 600?", "answer": "It is <<600+600=1200>>1200.\\n#### 1,200"}
        {"question": "What is 2 + 2?", "answer": "It is 4.\\n#### 4"}
        """);
  }

  @Test
  void gsm8kTakesTheLastNumber() throws IOException {
    Task task = Benchmark.GSM8K.task(gsm8k("test.jsonl"));

    assertThat(prompt(task, 0, 0)).isEqualTo("Question: What is 600 + 600?\nAnswer:");
    assertThat(outcome(task, 0, " First 7, then $1200.").correct()).isTrue();
    assertThat(outcome(task, 1, " 4 or 5").correct()).isFalse();
    assertThat(task.dataSplit()).isEqualTo(DataSplit.TEST);
  }

  @Test
  void gsm8kStrictTakesTheNumberAfterTheMarks() throws IOException {
    String train = "{\"question\": \"What is %d + 1?\", \"answer\": \"#### %d\"}\n";
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      rows.append(train.formatted(i, i + 1));
    }

    Task task =
        Benchmark.GSM8K_STRICT
            .shots(file("train.jsonl", rows.toString()))
            .task(gsm8k("test.jsonl"));

    assertThat(prompt(task, 0, 0).split("Question: ", -1)).hasSize(7);
    assertThat(outcome(task, 0, " #### 1200").correct()).isTrue();
    assertThat(outcome(task, 0, " 1200").correct()).isFalse();
  }

  @Test
  void gsmHardComparesValues() throws IOException {
    Task task =
        Benchmark.GSM_HARD.task(
            file(
                "gsmhardv2.jsonl",
                """
                {"input": "How much?", "code": "def solution(): pass", "target": 18.0}
                {"input": "How little?", "code": "def solution(): pass", "target": -3.5}
                {"input": "How far?", "code": "def solution(): pass", "target": 9284017268534.4}
                """));

    assertThat(prompt(task, 0, 0)).isEqualTo("Question: How much?\nAnswer:");
    assertThat(outcome(task, 0, " 18").correct()).isTrue();
    assertThat(outcome(task, 1, " It is -3.50").correct()).isTrue();
    assertThat(outcome(task, 1, " It is 3.50").correct()).isFalse();
    assertThat(outcome(task, 2, " 9,284,017,268,534.4").correct()).isTrue();
  }

  private Path math() throws IOException {
    return file(
        "math.jsonl",
        """
        {"problem": "Half of 1?", "solution": "It is $\\\\boxed{\\\\frac12}$.", "answer": "x", "unique_id": "a/1"}
        """);
  }

  @Test
  void math500ComparesNormalForms() throws IOException {
    Task task = Benchmark.MATH500.task(math());

    assertThat(prompt(task, 0, 0)).isEqualTo("Problem: Half of 1?\nAnswer:");
    assertThat(outcome(task, 0, " $\\tfrac{1}{2}$").correct()).isTrue();
    assertThat(outcome(task, 0, " 0.5").correct()).isTrue();
  }

  @Test
  void math500MinervaTakesTheFinalAnswer() throws IOException {
    Path examples =
        file("four.jsonl", "{\"problem\": \"P?\", \"solution\": \"It is $\\\\boxed{4}$. So.\"}\n");

    Task task = Benchmark.MATH500_MINERVA.examples(examples).task(math());

    assertThat(prompt(task, 0, 0))
        .isEqualTo(
            "Problem:\nP?\n\nSolution: It is $\\boxed{4}$. So.\n\n"
                + "Problem:\nHalf of 1?\n\nSolution:");
    assertThat(
            outcome(task, 0, "Final Answer: The final answer is $\\frac{1}{2}$. I hope it is")
                .correct())
        .isFalse();
    assertThat(
            outcome(
                    task,
                    0,
                    "Final Answer: The final answer is $\\frac{1}{2}$. I hope it is correct.")
                .correct())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"arc", "boolq", "mmlu"})
  void parquetAsksTheSame(String name) throws IOException, URISyntaxException {
    Task parquet = Tasks.recognize(resource(name + ".parquet")).task();
    Task lines = Tasks.recognize(resource(name + ".jsonl")).task();

    assertThat(parquet.size()).isEqualTo(lines.size());
    for (int row = 0; row < lines.size(); row++) {
      assertThat(parquet.requests(row)).isEqualTo(lines.requests(row));
      assertThat(parquet.target(row)).isEqualTo(lines.target(row));
      assertThat(parquet.rowName(row)).isEqualTo(name + ".parquet:" + (row + 1));
    }
  }

  private static Path resource(String name) throws URISyntaxException {
    return Path.of(
        Objects.requireNonNull(TasksTest.class.getResource("/dev/tale/data/" + name)).toURI());
  }

  @Test
  void recognizesFilesByTheirFields() throws IOException {
    assertThat(Tasks.recognize(file("ARC-Challenge-Dev.jsonl", ARC_AI2)).task().name())
        .isEqualTo("arc_challenge");
    assertThat(Tasks.recognize(file("some.jsonl", ARC_HF)).schema()).isEqualTo("hugging_face");
    assertThat(Tasks.recognize(booleans()).task().name()).isEqualTo("bbh_boolean_expressions");
    Path other = file("other.jsonl", "{\"text\": \"t\"}\n");
    assertThatThrownBy(() -> Tasks.recognize(other)).hasMessageContaining("no built-in task");
  }

  @Test
  void recognizingReadsAFileOnce() throws IOException {
    assertThat(readings(file("some.jsonl", ARC_HF))).containsExactly(List.of());
    assertThat(readings(booleans())).containsExactly(List.of());
  }

  /** One reading takes the first line for a header, and one does not. */
  @Test
  void recognizingReadsACsvFileOnceWithEachListOfColumns() throws IOException {
    Path mmlu = file("anatomy_test.csv", "What is 1 + 1?,1,2,3,4,B\n");
    assertThat(readings(mmlu)).hasSize(2).doesNotHaveDuplicates();
  }

  private static List<List<String>> readings(Path data) throws IOException {
    List<List<String>> readings = new ArrayList<>();
    RecognizedTask.of(
        data,
        (file, columns) -> {
          readings.add(columns);
          return DataFile.read(file, columns);
        });
    return readings;
  }
}
