package dev.tale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tale.testing.ScriptedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Whatever call of the model fails, the resumed search repeats nothing and ends the same. */
final class EveryCall {
  private EveryCall() {}

  /** A search that keeps a journal. */
  @FunctionalInterface
  interface Search {
    PruneResult prune(ScriptedModel model) throws IOException;
  }

  /** Leaves the journal of the last search. */
  static void resumes(Path journal, Supplier<ScriptedModel> models, Search search)
      throws IOException {
    ScriptedModel undisturbed = models.get();
    String expected = search.prune(undisturbed).report().toJson();
    for (int call = 1; call <= undisturbed.calls(); call++) {
      Files.delete(journal);
      ScriptedModel first = models.get().failingAt(call, new IllegalStateException("power cut"));
      assertThatThrownBy(() -> search.prune(first)).hasMessage("power cut");
      ScriptedModel second = models.get();
      assertThat(search.prune(second).report().toJson()).as("call %d", call).isEqualTo(expected);
      assertThat(second.calls()).isEqualTo(undisturbed.calls() - call + 1);
    }
  }
}
