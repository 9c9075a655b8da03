package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.model.DataFormatException;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are odd but right are read; rows that are wrong are refused with file and line. */
class BadRowsTest {
  @TempDir Path folder;

  private static String arc(String id, String texts, String labels, String answer) {
    return "{\"id\": \""
        + id
        + "\", \"question\": \"Q?\", \"choices\": {\"text\": "
        + texts
        + ", \"label\": "
        + labels
        + "}, \"answerKey\": "
        + answer
        + "}\n";
  }

  private static final String GOOD =
      arc("good", "[\"a\", \"b\", \"c\", \"d\"]", "[\"A\", \"B\", \"C\", \"D\"]", "\"A\"");

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), text);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(
      ThrowingCallable reading, String place) {
    return assertThatThrownBy(reading)
        .isInstanceOf(DataFormatException.class)
        .hasMessageContaining("rows.jsonl, " + place + ": ");
  }

  @Test
  void labelsMayBeLettersAndNumbersAndThreeToFiveOfThem() throws IOException {
    Path rows =
        file(
            GOOD
                + arc("n", "[\"a\", \"b\", \"c\", \"d\"]", "[\"1\", \"2\", \"3\", \"4\"]", "\"3\"")
                + arc("three", "[\"a\", \"b\", \"c\"]", "[\"A\", \"B\", \"C\"]", "\"C\"")
                + arc(
                    "five",
                    "[\"a\", \"b\", \"c\", \"d\", \"e\"]",
                    "[\"A\", \"B\", \"C\", \"D\", \"E\"]",
                    "\"E\""));

    Task task = Benchmark.ARC_EASY.task(rows);

    assertThat(task.target(1)).isEqualTo("c");
    assertThat(task.requests(2)).hasSize(3);
    assertThat(task.target(3)).isEqualTo("e");
  }

  @Test
  void optionsMayReadNoneOrNa() throws IOException {
    Task task =
        Benchmark.ARC_EASY.task(
            file(
                arc(
                    "none",
                    "[\"None\", \"NA\", \"null\", \"NaN\"]",
                    "[\"A\", \"B\", \"C\", \"D\"]",
                    "\"B\"")));

    assertThat(task.target(0)).isEqualTo("NA");
  }

  @Test
  void aByteOrderMarkAndCarriageReturnsChangeNothing() throws IOException {
    Task plain = Benchmark.ARC_EASY.task(file(GOOD + GOOD.replace("good", "other")));
    Task odd =
        Benchmark.ARC_EASY.task(
            file("\uFEFF" + (GOOD + GOOD.replace("good", "other")).replace("\n", "\r\n")));

    assertThat(odd.contentHash()).isEqualTo(plain.contentHash());
  }

  @Test
  void bytesThatAreNotUtf8() throws IOException {
    byte[] latin = (GOOD + GOOD.replace("Q?", "\u00e9")).getBytes(StandardCharsets.ISO_8859_1);
    Path rows = Files.write(folder.resolve("rows.jsonl"), latin);

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 2");
  }

  @Test
  void aWrongLabel() throws IOException {
    Path rows = file(GOOD + arc("x", "[\"a\", \"b\"]", "[\"A\", \"B\"]", "\"C\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 2")
        .hasMessageContainingAll("answerKey is \"C\"", "[A, B]");
  }

  @Test
  void labelsThatAreNotAsManyAsTheChoices() throws IOException {
    Path rows = file(arc("x", "[\"a\", \"b\", \"c\"]", "[\"A\", \"B\"]", "\"A\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 1").hasMessageContainingAll("[A, B]", "3");
  }

  @Test
  void aLabelThatOccursTwice() throws IOException {
    Path rows = file(arc("x", "[\"a\", \"b\"]", "[\"A\", \"A\"]", "\"A\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 1")
        .hasMessageContaining("2 different labels");
  }

  @Test
  void aTestSetWithoutLabels() throws IOException {
    Path rows = file(arc("x", "[\"a\", \"b\"]", "[\"A\", \"B\"]", "\"\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 1")
        .hasMessageContaining("without a label cannot be scored");
  }

  @Test
  void anUnlabelledRowOfSuperGlue() throws IOException {
    Path rows = file("{\"question\": \"q\", \"passage\": \"p\", \"idx\": 1, \"label\": -1}\n");

    refused(() -> Benchmark.BOOLQ.task(rows), "line 1").hasMessageContaining("without a label");
  }

  @Test
  void aMissingField() throws IOException {
    Path rows = file(GOOD + "\n" + GOOD.replace("good", "x").replace("\"question\"", "\"q\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 3")
        .hasMessageContaining("question is missing");
  }

  @Test
  void aFieldThatIsNull() throws IOException {
    Path rows = file(GOOD + arc("x", "[\"a\", \"b\"]", "[\"A\", \"B\"]", "null"));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 2")
        .hasMessageContaining("answerKey is missing");
  }

  @Test
  void aChoiceThatIsNull() throws IOException {
    Path rows = file(arc("x", "[\"a\", null]", "[\"A\", \"B\"]", "\"A\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 1")
        .hasMessageContaining("choices.text.1 is null");
  }

  @Test
  void anEmptyChoice() throws IOException {
    Path rows = file(GOOD + arc("x", "[\"a\", \"\"]", "[\"A\", \"B\"]", "\"A\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 2")
        .hasMessageContaining("choice 1 of [a, ] is empty");
  }

  @Test
  void anEmptyChoiceThatOnlyItsLetterStandsForIsShown() throws IOException {
    Path rows =
        file(
            "{\"question\": \"q\", \"subject\": \"virology\", \"choices\": [\"a\", \"b\", \"c\","
                + " \"\"], \"answer\": 0}\n");

    assertThat(Benchmark.MMLU.task(rows).requests(0).toString()).contains("C. c\nD. \nAnswer:");
  }

  @Test
  void theRightChoiceTwice() throws IOException {
    Path rows = file(GOOD + arc("x", "[\"a\", \"b\", \"a\"]", "[\"A\", \"B\", \"C\"]", "\"C\""));

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 2")
        .hasMessageContainingAll("0 and 2", "\"a\"");
  }

  @Test
  void aWrongNumberOfChoices() throws IOException {
    Path rows =
        file(
            "{\"question\": \"q\", \"subject\": \"virology\", \"choices\": [\"a\", \"b\", \"c\"],"
                + " \"answer\": 0}\n");

    refused(() -> Benchmark.MMLU.task(rows), "line 1")
        .hasMessageContainingAll("3 choices", "must have 4");
  }

  @Test
  void anIndexBeyondTheChoices() throws IOException {
    Path rows =
        file(
            "{\"question\": \"q\", \"subject\": \"virology\", \"choices\": [\"a\", \"b\", \"c\","
                + " \"d\"], \"answer\": 4}\n");

    refused(() -> Benchmark.MMLU.task(rows), "line 1").hasMessageContainingAll("\"4\"", "0 to 3");
  }

  @Test
  void aWrongLetterInCsv() throws IOException {
    Path rows =
        Files.writeString(folder.resolve("virology_test.csv"), "q,a,b,c,d,A\nq,a,b,c,d,E\n");

    assertThatThrownBy(() -> Benchmark.MMLU.task(rows))
        .isInstanceOf(DataFormatException.class)
        .hasMessageContainingAll("virology_test.csv, line 2: ", "\"E\"", "A to D");
  }

  @Test
  void anIdOfAnEarlierRow() throws IOException {
    Path rows = file(GOOD + GOOD.replace("good", "other") + GOOD);

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 3")
        .hasMessageContainingAll("\"good\"", "rows.jsonl, line 1");
  }

  @Test
  void rowsOfTwoSchemas() throws IOException {
    String title =
        "{\"question\": \"q\", \"title\": \"t\", \"answer\": true, \"passage\": \"p\"}\n";
    String none = "{\"question\": \"q\", \"answer\": true, \"passage\": \"p\"}\n";

    refused(() -> Benchmark.BOOLQ.task(file(title + none)), "line 2")
        .hasMessageContainingAll("hugging_face", "google");
    refused(() -> Benchmark.BOOLQ.task(file(none + title)), "line 2")
        .hasMessageContainingAll("hugging_face", "google");
  }

  @Test
  void rowsOfNoSchema() throws IOException {
    Path rows = file("{\"text\": \"t\", \"label\": 1}\n");

    refused(() -> Benchmark.ARC_EASY.task(rows), "line 1")
        .hasMessageContainingAll(
            "ai2 needs question.stem", "hugging_face", "the row has text, label");
  }

  @Test
  void aSentenceWithoutABlank() throws IOException {
    Path rows =
        file(
            "{\"sentence\": \"No blank.\", \"option1\": \"a\", \"option2\": \"b\","
                + " \"answer\": \"1\"}\n");

    refused(() -> Benchmark.WINOGRANDE.task(rows), "line 1").hasMessageContaining("\"No blank.\"");
  }

  @Test
  void aWorkedAnswerWithoutANumber() throws IOException {
    Path rows = file("{\"question\": \"q\", \"answer\": \"It is 4.\"}\n");

    refused(() -> Benchmark.GSM8K.task(rows), "line 1").hasMessageContainingAll("It is 4.", "####");
  }

  @Test
  void aTargetThatIsNoNumber() throws IOException {
    Path rows = file("{\"input\": \"q\", \"code\": \"c\", \"target\": \"many\"}\n");

    refused(() -> Benchmark.GSM_HARD.task(rows), "line 1").hasMessageContaining("\"many\"");
  }

  @Test
  void aSolutionWithoutABox() throws IOException {
    Path rows = file("{\"problem\": \"p\", \"solution\": \"It is 4.\", \"unique_id\": \"a\"}\n");

    refused(() -> Benchmark.MATH500.task(rows), "line 1").hasMessageContaining("target is empty");
  }

  @Test
  void aDirectoryWithoutFiles() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));

    assertThatThrownBy(() -> Benchmark.MMLU.task(empty)).hasMessageContaining("without files");
  }
}
