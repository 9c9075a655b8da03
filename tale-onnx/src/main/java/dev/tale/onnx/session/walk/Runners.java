package dev.tale.onnx.session.walk;

import dev.tale.onnx.session.batch.Group;
import dev.tale.onnx.session.batch.PaddedBatch;
import dev.tale.onnx.session.runtime.Loaded;
import dev.tale.onnx.session.runtime.Padding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The runners of a group's batches, and of what they begin with. Owns them. */
public final class Runners implements AutoCloseable {
  private final List<BatchRunner> owned = new ArrayList<>();
  private @Nullable BatchRunner beginning;

  private Runners() {}

  public static Runners of(Loaded loaded, Group group, Padding padding) {
    Runners runners = new Runners();
    try {
      group.batches().forEach(batch -> runners.add(loaded, batch, padding));
      if (group.prefix() > 0) {
        runners.beginning = runners.add(loaded, group.beginning(), padding);
      }
      return runners;
    } catch (RuntimeException e) {
      runners.close();
      throw e;
    }
  }

  private BatchRunner add(Loaded loaded, PaddedBatch batch, Padding padding) {
    BatchRunner runner = BatchRunner.of(loaded, batch, padding);
    owned.add(runner);
    return runner;
  }

  /** The runner of a batch. */
  public BatchRunner of(int batch) {
    return owned.get(batch);
  }

  /** The runner of the tokens that all sequences begin with, or null if there are none. */
  public @Nullable BatchRunner beginning() {
    return beginning;
  }

  @Override
  public void close() {
    owned.forEach(BatchRunner::close);
  }
}
