package dev.tale.bench.study;

import com.google.common.collect.ImmutableList;
import dev.tale.benchmark.Benchmark;
import dev.tale.task.PromptFormat;
import dev.tale.task.Shots;
import dev.tale.task.Task;
import dev.tale.task.TaskSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** A published benchmark in the files of a study, and how it is asked. */
@SuppressWarnings("ImmutableEnumChecker") // Benchmarks are immutable.
enum RealTask {
  ARC_EASY(Benchmark.ARC_EASY, "arc_easy_dev.jsonl", "arc_easy_test.jsonl"),
  ARC_EASY_CHAT(Benchmark.ARC_EASY.chat(), "arc_easy_dev.jsonl", "arc_easy_test.jsonl"),
  ARC_EASY_5_SHOT(Benchmark.ARC_EASY, "arc_easy_dev.jsonl", "arc_easy_test.jsonl"),
  ARC_CHALLENGE(Benchmark.ARC_CHALLENGE, "arc_challenge_dev.jsonl", "arc_challenge_test.jsonl"),
  WINOGRANDE(Benchmark.WINOGRANDE, "winogrande_dev.jsonl"),
  COMMONSENSE_QA(Benchmark.COMMONSENSE_QA, "commonsense_qa_dev.jsonl"),
  COMMONSENSE_QA_CHAT(Benchmark.COMMONSENSE_QA.chat(), "commonsense_qa_dev.jsonl"),
  BOOLQ(Benchmark.BOOLQ, "boolq_val.superglue.jsonl"),
  BOOLQ_CHAT(Benchmark.BOOLQ.chat(), "boolq_val.superglue.jsonl"),
  HELLASWAG(Benchmark.HELLASWAG, "hellaswag_val.jsonl"),
  MMLU(Benchmark.MMLU, "mmlu_validation.hf.jsonl", "mmlu_test_first15_per_subject.hf.jsonl");

  private static final int SHOTS = 5;

  private final Benchmark benchmark;
  private final ImmutableList<String> files;

  RealTask(Benchmark benchmark, String... files) {
    this.benchmark = benchmark;
    this.files = ImmutableList.copyOf(files);
  }

  /** Rows that choose, and others; the first ones of each file, or of what the first leaves. */
  TaskSplit rows(Path data, int selection, int heldOut) throws IOException {
    Task first = benchmark.task(data.resolve(files.get(0)));
    int choosing = Math.min(selection, first.size() - 1);
    boolean own = files.size() > 1;
    Task rest =
        own ? benchmark.task(data.resolve(files.get(1))) : first.slice(choosing, first.size());
    Shots shots = shots(first, choosing);
    return new TaskSplit(
        first.slice(0, choosing).withShots(shots),
        rest.slice(0, Math.min(heldOut, rest.size())).withShots(shots));
  }

  /** The last rows of the first file, which are neither. */
  private Shots shots(Task first, int choosing) {
    return this == ARC_EASY_5_SHOT
        ? Shots.first(
            SHOTS, first.examples().subList(Math.max(choosing, first.size() - SHOTS), first.size()))
        : Shots.none();
  }

  /** The same rows under another prompt: after a sentence that says what follows. */
  static Task otherwise(Task task) {
    return task.withPromptFormat(
        PromptFormat.standard().withDescription("Here is one item of a test.\n\n"));
  }

  boolean generates() {
    return name().endsWith("_CHAT");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
