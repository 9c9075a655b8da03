package dev.tale.benchmark;

import com.google.common.base.Splitter;
import dev.tale.task.DataSplit;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells the split from the names that publishers give to their files. */
final class SplitName {
  private static final Map<String, DataSplit> WORDS =
      Map.of(
          "train", DataSplit.TRAIN,
          "dev", DataSplit.VALIDATION,
          "val", DataSplit.VALIDATION,
          "valid", DataSplit.VALIDATION,
          "validation", DataSplit.VALIDATION,
          "test", DataSplit.TEST);
  private static final Splitter WORD = Splitter.onPattern("[^a-z]+");

  private SplitName() {}

  /** TEST if any file is; otherwise what all files are alike. */
  static DataSplit of(List<Path> files) {
    Set<DataSplit> splits = files.stream().map(SplitName::of).collect(Collectors.toSet());
    if (splits.contains(DataSplit.TEST)) {
      return DataSplit.TEST;
    }
    return splits.size() == 1 ? splits.iterator().next() : DataSplit.UNSPECIFIED;
  }

  private static DataSplit of(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    Set<DataSplit> said =
        WORD.splitToStream(name)
            .filter(WORDS::containsKey)
            .map(WORDS::get)
            .collect(Collectors.toSet());
    return said.size() == 1 ? said.iterator().next() : DataSplit.UNSPECIFIED;
  }
}
