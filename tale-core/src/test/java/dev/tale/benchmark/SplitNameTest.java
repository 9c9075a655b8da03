package dev.tale.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.task.DataSplit;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitNameTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # original releases
          ARC-Easy-Test.jsonl                       | TEST
          ARC-Challenge-Dev.jsonl                   | VALIDATION
          ARC-Easy-Train.csv                        | TRAIN
          BoolQ/dev.jsonl                           | VALIDATION
          BoolQ/val.jsonl                           | VALIDATION
          winogrande_1.1/train_xs.jsonl             | TRAIN
          winogrande_1.1/train_debiased.jsonl       | TRAIN
          dev_rand_split.jsonl                      | VALIDATION
          train_rand_split.jsonl                    | TRAIN
          test_rand_split_no_answers.jsonl          | TEST
          mmlu/test/abstract_algebra_test.csv       | TEST
          mmlu/dev/high_school_chemistry_dev.csv    | VALIDATION
          mmlu/val/sociology_val.csv                | VALIDATION
          mmlu/auxiliary_train/aux_law_90s.csv      | UNSPECIFIED
          bbh/boolean_expressions.json              | UNSPECIFIED
          grade_school_math/data/test.jsonl         | TEST
          gsmhardv2.jsonl                           | UNSPECIFIED
          math_splits/test.jsonl                    | TEST
          hellaswag_val.jsonl                       | VALIDATION
          # Hugging Face
          ARC-Easy/test-00000-of-00001.parquet      | TEST
          data/validation-00000-of-00001.parquet    | VALIDATION
          data/train-00000-of-00002-0a1b.parquet    | TRAIN
          default/test/0000.parquet                 | TEST
          default/validation/0000.parquet           | VALIDATION
          default/train/0000.parquet                | TRAIN
          gsm8k-test.arrow.jsonl                    | TEST
          # other habits
          TEST.JSONL                                | TEST
          arcEasyTest.jsonl                         | TEST
          test1.csv                                 | TEST
          questions.test.jsonl                      | TEST
          valid.tsv                                 | VALIDATION
          Test/rows.jsonl                           | TEST
          val/rows.csv                              | VALIDATION
          train/dev.jsonl                           | VALIDATION
          # when in doubt, a test split
          train_and_test.csv                        | TEST
          train_dev.csv                             | UNSPECIFIED
          # parts of other words
          latest.jsonl                              | UNSPECIFIED
          contest.jsonl                             | UNSPECIFIED
          testimony.jsonl                           | UNSPECIFIED
          device.jsonl                              | UNSPECIFIED
          values.csv                                | UNSPECIFIED
          trains.csv                                | UNSPECIFIED
          unit-test/rows.jsonl                      | UNSPECIFIED
          test/arc/rows.jsonl                       | UNSPECIFIED
          """)
  void theNameSaysTheSplit(String name, DataSplit split) {
    assertThat(SplitName.of(List.of(Path.of("/data").resolve(name)))).isEqualTo(split);
  }

  @Test
  void oneTestFileMakesATestSplit() {
    assertThat(splitOf("a_dev.csv", "b_test.csv")).isEqualTo(DataSplit.TEST);
    assertThat(splitOf("a_dev.csv", "b_val.csv")).isEqualTo(DataSplit.VALIDATION);
    assertThat(splitOf("a_dev.csv", "b_train.csv")).isEqualTo(DataSplit.UNSPECIFIED);
    assertThat(splitOf("a_dev.csv", "b.csv")).isEqualTo(DataSplit.UNSPECIFIED);
  }

  private static DataSplit splitOf(String... names) {
    return SplitName.of(Stream.of(names).map(Path.of("/data")::resolve).toList());
  }
}
