package dev.tale.report;

import com.google.common.collect.HashMultiset;
import com.google.common.collect.Multiset;
import dev.tale.document.Shortened;
import dev.tale.task.Task;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What is right most often in the rows of a task. Where it always is, a model that says nothing
 * else has every row right, and a search removes what tells one answer from another.
 *
 * @param label {@linkplain Task#label label} of those rows: the right option, or the text of a
 *     generation; of several that are right equally often the one that comes first
 * @param text the right answer of those rows, if all of them have the same, else empty
 * @param count number of those rows
 */
public record CommonestAnswer(String label, String text, int count) {

  static CommonestAnswer of(Task task) {
    List<String> labels = IntStream.range(0, task.size()).mapToObj(task::label).toList();
    Multiset<String> counts = HashMultiset.create(labels);
    String commonest = labels.get(0);
    for (String label : labels) {
      commonest = counts.count(label) > counts.count(commonest) ? label : commonest;
    }
    String label = commonest;
    List<String> texts =
        IntStream.range(0, task.size())
            .filter(row -> labels.get(row).equals(label))
            .mapToObj(task::target)
            .distinct()
            .limit(2)
            .toList();
    return new CommonestAnswer(label, texts.size() == 1 ? texts.get(0) : "", counts.count(label));
  }

  /** Returns the answer for people, for example {@code "yes" (option 1)}. */
  public String name() {
    String quoted = "\"" + Shortened.of(text) + "\"";
    return text.isEmpty() ? label : text.equals(label) ? quoted : quoted + " (" + label + ")";
  }
}
