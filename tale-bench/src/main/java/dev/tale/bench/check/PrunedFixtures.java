package dev.tale.bench.check;

import dev.tale.model.LayerMask;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.families.Fixture;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.folder.Staged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes every fixture without some of its layers, for clients to load. */
public final class PrunedFixtures {
  private PrunedFixtures() {}

  /**
   * Writes {@code target/FIXTURE/removed-0-2} and so on; says which fixtures cannot be written.
   *
   * @return whether all could
   */
  public static boolean write(Path target) throws IOException {
    boolean all = true;
    for (Fixture fixture : Fixtures.all()) {
      try {
        write(fixture, target.resolve(fixture.name()));
      } catch (UnsupportedModelException e) {
        System.err.println(fixture.name() + " is not exported: " + e.getMessage());
        all = false;
      }
    }
    return all;
  }

  private static void write(Fixture fixture, Path target) throws IOException {
    ModelDirectory model = ModelDirectory.open(fixture.directory());
    for (List<Integer> removed : fixture.pruneMasks()) {
      write(model, removed, target);
    }
  }

  private static void write(ModelDirectory model, List<Integer> removed, Path target)
      throws IOException {
    int[] layers = removed.stream().mapToInt(layer -> layer).toArray();
    LayerMask mask = LayerMask.of(model.stream().layerCount(), layers);
    String name = removed.stream().map(String::valueOf).collect(Collectors.joining("-"));
    try (Staged staged = model.excise(mask, target.resolve("removed-" + name), Map.of())) {
      staged.commit();
    }
  }
}
