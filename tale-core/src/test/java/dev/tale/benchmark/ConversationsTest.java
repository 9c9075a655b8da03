package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.model.Message;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationsTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Request.Generation asked(Task task) {
    return (Request.Generation) task.requests(0).get(0);
  }

  private static String user(Task task) {
    List<Message> messages = ((Prompt.Chat) asked(task).prompt()).messages();
    assertThat(messages).extracting(Message::role).containsExactly("system", "user");
    assertThat(messages.get(0).content()).isNotBlank().doesNotEndWith("\n");
    return messages.get(1).content();
  }

  private static boolean correct(Task task, String generated) {
    Response response = new Response.Generation(generated, 1, Response.Stop.LENGTH);
    return task.outcome(0, List.of(response)).correct();
  }

  @Test
  void choicesAreLettersWhateverTheLabels() throws IOException {
    Path rows =
        file(
            "arc.jsonl",
            """
            {"id": "q1", "question": "Which one floats?", "choices": {"text": ["iron", "cork", "lead", "gold", "air"], "label": ["1", "2", "3", "4", "5"]}, "answerKey": "5"}
            """);

    Task task = Benchmark.ARC_CHALLENGE.chat().task(rows);

    assertThat(user(task))
        .isEqualTo("Which one floats?\n(A) iron\n(B) cork\n(C) lead\n(D) gold\n(E) air");
    assertThat(asked(task).maxNewTokens()).isEqualTo(1);
    assertThat(correct(task, " E")).isTrue();
    assertThat(correct(task, "5")).isFalse();
    assertThat(correct(task, "Every")).isFalse();
    assertThat(user(Benchmark.ARC_EASY.chat().task(rows))).isEqualTo(user(task));
  }

  @Test
  void commonsenseQaAndMmluAreAskedAlike() throws IOException {
    Path concept =
        file(
            "csqa.jsonl",
            """
            {"id": "x", "question": "Q?", "question_concept": "c", "choices": {"label": ["A", "B", "C", "D", "E"], "text": ["a", "b", "c", "d", "e"]}, "answerKey": "C"}
            """);
    Path subject =
        file(
            "mmlu.jsonl",
            """
            {"question": "Q?", "subject": "virology", "choices": ["a", "b", "c", "d"], "answer": 2}
            """);

    assertThat(user(Benchmark.COMMONSENSE_QA.chat().task(concept)))
        .isEqualTo("Q?\n(A) a\n(B) b\n(C) c\n(D) d\n(E) e");
    assertThat(user(Benchmark.MMLU.chat().task(subject)))
        .isEqualTo("Q?\n(A) a\n(B) b\n(C) c\n(D) d");
    assertThat(correct(Benchmark.MMLU.chat().group(MmluGroup.OTHER).task(subject), "C")).isTrue();
  }

  @Test
  void boolqChoosesBetweenTrueAndFalse() throws IOException {
    Path rows =
        file(
            "boolq.jsonl",
            "{\"question\": \"is it so\", \"answer\": true, \"passage\": \"It is.\"}\n");

    Task task = Benchmark.BOOLQ.chat().task(rows);

    assertThat(user(task)).isEqualTo("Passage: It is.\n\nQuestion: is it so\n(A) True\n(B) False");
    assertThat(correct(task, "A")).isTrue();
  }

  @Test
  void winograndeChoosesByNumber() throws IOException {
    Path rows =
        file(
            "wino.jsonl",
            """
            {"sentence": "Iron sank and _ did not.", "option1": "lead", "option2": "cork", "answer": "2"}
            """);

    Task task = Benchmark.WINOGRANDE.chat().task(rows);

    assertThat(user(task))
        .isEqualTo(
            "Sentence: Iron sank and _ did not.\nOption 1: lead\nOption 2: cork\n"
                + "Which option should fill in the blank (_)?");
    assertThat(correct(task, "2")).isTrue();
    assertThat(correct(task, "12")).isFalse();
  }

  @Test
  void booleanExpressionsTakeTheFirstAnswerInAnyCase() throws IOException {
    Path rows = file("b.jsonl", "{\"input\": \"not True is\", \"target\": \"False\"}\n");

    Task task = Benchmark.BOOLEAN_EXPRESSIONS.chat().task(rows);

    assertThat(user(task))
        .isEqualTo("Evaluate this boolean expression: not True is\n\nAnswer (True or False):");
    assertThat(correct(task, " FALSE.")).isTrue();
    assertThat(correct(task, "untrue, false")).isTrue();
  }

  @Test
  void numbersAreComparedByValue() throws IOException {
    Path gsm8k = file("g.jsonl", "{\"question\": \"Q?\", \"answer\": \"So.\\n#### 1,200\"}\n");
    Path hard = file("h.jsonl", "{\"input\": \"Q?\", \"code\": \"c\", \"target\": -0.5}\n");
    Path math =
        file(
            "m.jsonl",
            "{\"problem\": \"P?\", \"solution\": \"$\\\\boxed{x^2}$\", \"unique_id\": \"a\"}\n");

    assertThat(user(Benchmark.GSM8K.chat().task(gsm8k))).isEqualTo("Q?");
    assertThat(correct(Benchmark.GSM8K.chat().task(gsm8k), "It is\n#### 1200.0")).isTrue();
    assertThat(correct(Benchmark.GSM_HARD.chat().task(hard), "#### -.5")).isTrue();
    assertThat(
            correct(
                Benchmark.MATH500.chat().task(math), "So $\\boxed{x^{2}}$, or $\\boxed{ x^2 }$"))
        .isTrue();
    assertThat(asked(Benchmark.MATH500.chat().task(math)).maxNewTokens()).isEqualTo(200);
  }
}
