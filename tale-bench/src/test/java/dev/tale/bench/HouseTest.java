package dev.tale.bench;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tale.Tale;
import dev.tale.evaluate.Progress;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.nano.BooleanExpressions;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.search.SearchStrategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rooms that a stranger can keep in mind; {@code house.py} measures more. */
class HouseTest {
  private static final int MOST_FILES = 32;
  private static final int MOST_FILES_TO_RUNTIME = 22;

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(Path.of(".."))) {
      return all.filter(
              file -> file.toString().matches("\\.\\./tale-[a-z]+/src/main/java/.*\\.java"))
          .filter(file -> !file.toString().endsWith("-info.java"))
          .toList();
    }
  }

  @Test
  void noFileNameComesTwice() throws IOException {
    Map<Path, Long> names = files().stream().collect(groupingBy(Path::getFileName, counting()));
    assertThat(names).hasSizeGreaterThan(500);
    assertThat(names.entrySet()).filteredOn(name -> name.getValue() > 1).isEmpty();
  }

  /** A debugger steps into so many files, from the call of a user to that of the runtime. */
  @Test
  @Tag("slow")
  void theWayToTheRuntimeIsShort() throws Exception {
    Set<Integer> lengths = ConcurrentHashMap.newKeySet();
    Thread caller = Thread.currentThread();
    Thread sampler =
        new Thread(
            () -> {
              while (!Thread.currentThread().isInterrupted()) {
                lengths.add(filesToRuntime(caller.getStackTrace()));
              }
            });
    sampler.setDaemon(true);
    try (OnnxModel model = OnnxModel.builder(NanoLlama.directory()).device(Device.cpu(1)).open()) {
      sampler.start();
      Tale.pruner()
          .strategy(SearchStrategy.greedy().removingAtMost(2))
          .withoutLatency()
          .listener(Progress.none())
          .prune(model, BooleanExpressions.task(2, 100, 1));
    } finally {
      sampler.interrupt();
    }
    lengths.remove(0);
    System.out.println("files from Pruner.prune to OrtSession.run: " + lengths);
    assertThat(lengths).isNotEmpty().allMatch(length -> length <= MOST_FILES_TO_RUNTIME);
  }

  /** Files of the frames between, or 0 where the runtime is not running. */
  private static int filesToRuntime(StackTraceElement[] stack) {
    Set<String> files = new HashSet<>();
    boolean running = false;
    for (StackTraceElement frame : stack) {
      running |= frame.getClassName().equals("ai.onnxruntime.OrtSession");
      if (frame.getClassName().startsWith("dev.tale.") && running) {
        files.add(frame.getFileName());
      }
      if (frame.getClassName().equals("dev.tale.Pruner")) {
        return files.size();
      }
    }
    return 0;
  }

  @Test
  void noPackageHasMoreThanAboutThirtyFiles() throws IOException {
    Map<Path, Long> packages = files().stream().collect(groupingBy(Path::getParent, counting()));
    assertThat(packages.entrySet()).filteredOn(each -> each.getValue() > MOST_FILES).isEmpty();
  }
}
