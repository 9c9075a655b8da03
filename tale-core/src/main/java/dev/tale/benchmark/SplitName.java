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

  /** Between words: anything but letters, and the humps of camel case. */
  private static final Splitter WORD = Splitter.onPattern("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])");

  private SplitName() {}

  /** TEST if any file is; otherwise what all files are alike. */
  static DataSplit of(List<Path> files) {
    Set<DataSplit> splits = files.stream().map(SplitName::of).collect(Collectors.toSet());
    if (splits.contains(DataSplit.TEST)) {
      return DataSplit.TEST;
    }
    return splits.size() == 1 ? splits.iterator().next() : DataSplit.UNSPECIFIED;
  }

  /** What the file's name says; if it says nothing, what its folder's name is. */
  private static DataSplit of(Path file) {
    Set<DataSplit> said = words(file);
    if (said.isEmpty()) {
      return folder(file);
    }
    if (said.contains(DataSplit.TEST)) {
      return DataSplit.TEST;
    }
    return said.size() == 1 ? said.iterator().next() : DataSplit.UNSPECIFIED;
  }

  private static Set<DataSplit> words(Path file) {
    return WORD.splitToStream(file.getFileName().toString())
        .map(word -> word.toLowerCase(Locale.ROOT))
        .filter(WORDS::containsKey)
        .map(WORDS::get)
        .collect(Collectors.toSet());
  }

  /** Only a folder whose whole name is the split: many a folder is some kind of test. */
  private static DataSplit folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    String name = folder == null ? "" : String.valueOf(folder.getFileName());
    return WORDS.getOrDefault(name.toLowerCase(Locale.ROOT), DataSplit.UNSPECIFIED);
  }
}
