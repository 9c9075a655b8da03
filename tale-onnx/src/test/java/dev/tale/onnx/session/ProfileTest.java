package dev.tale.onnx.session;

import static dev.tale.onnx.session.NanoSession.LAYERS;
import static dev.tale.onnx.session.NanoSession.greedyRound;
import static dev.tale.onnx.session.NanoSession.responder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tale.model.LayerMask;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.nano.NanoLlama;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What ONNX Runtime's own profile says of a gated session: whatever multiplies weights is run
 * inside of the branch of an If node, only branches that are open are run, all on the device, and
 * no branch copies from device to device.
 */
class ProfileTest {
  private static final long SEED = 20;

  /** What layers and the head are made of, fused or not. */
  private static final Set<String> OF_LAYERS =
      Set.of("MatMul", "FusedMatMul", "Gemm", "Softmax", "GroupQueryAttention");

  @TempDir Path directory;

  @Test
  void onTheCpuLayersRunInBranchesAndNothingIsCopied() throws Exception {
    require(SessionConfig.cpu(1), "CPUExecutionProvider");
  }

  @Test
  void onCudaLayersRunInBranchesThereAndNothingIsCopied() throws Exception {
    assumeTrue(
        OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA),
        "needs onnxruntime_gpu and a CUDA device: this ONNX Runtime was built without CUDA");
    require(SessionConfig.cuda(0), "CUDAExecutionProvider");
  }

  private void require(SessionConfig config, String provider) throws Exception {
    List<TokenRequest> reads = NanoSession.equalRows(8, new Random(SEED));
    List<TokenRequest> generation = List.of(NanoSession.generation(9, 4, new Random(SEED)));
    List<Event> round = profile(config, reads, greedyRound());
    requireRound(round, provider);
    if (config.cudaDevice().isEmpty()) {
      assertThat(round).as("there is one device").noneMatch(Event::isCopy);
    }
    List<Event> generated = profile(config, generation, List.of(LayerMask.of(LAYERS, 2, 9)));
    requireInside(generated, provider);
  }

  /** A greedy round runs 77 layers and 12 heads, see {@link GatedSessionTest}. */
  private static void requireRound(List<Event> events, String provider) {
    requireInside(events, provider);
    List<Event> multiplying = events.stream().filter(Event::isOfLayerOrHead).toList();
    assertThat(events.stream().filter(Event::isIf).filter(each -> each.holdsAny(multiplying)))
        .as("branches that multiply weights")
        .hasSize(77 + 12);
  }

  private static void requireInside(List<Event> events, String provider) {
    List<Event> branches = events.stream().filter(Event::isIf).toList();
    List<Event> multiplying = events.stream().filter(Event::isOfLayerOrHead).toList();
    assertThat(multiplying).hasSizeGreaterThan(LAYERS);
    assertThat(multiplying)
        .allSatisfy(
            event -> {
              assertThat(branches)
                  .as("%s is in a branch", event)
                  .anyMatch(each -> each.holds(event));
              assertThat(event.provider).as("%s", event).isEqualTo(provider);
            });
    assertThat(branches).extracting(Event::provider).containsOnly(provider);
    assertThat(events.stream().filter(Event::isCopy))
        .as("copies between devices in branches")
        .noneMatch(copy -> branches.stream().anyMatch(each -> each.holds(copy)));
  }

  private List<Event> profile(
      SessionConfig config, List<TokenRequest> requests, List<LayerMask> masks)
      throws IOException, OrtException {
    String prefix = directory.resolve("profile").toString();
    try (GatedSession session =
        GatedSession.open(
            ModelDirectory.open(NanoLlama.directory()).stream(),
            config,
            (graph, options) -> options.enableProfiling(prefix))) {
      responder(session).answer(requests, masks).responses();
      return Event.read(Path.of(session.loaded().session().get().endProfiling()));
    }
  }

  /**
   * A node that was run.
   *
   * @param begin of it, in microseconds
   * @param end of it, in microseconds
   */
  private record Event(String name, String operator, String provider, long begin, long end) {
    /** Beginnings and durations are cut to whole microseconds. */
    private static final long ROUNDING = 2;

    static List<Event> read(Path profile) throws IOException {
      List<Event> events = new ArrayList<>();
      for (JsonNode event : new ObjectMapper().readTree(profile.toFile())) {
        if (event.path("name").asText().endsWith("_kernel_time")) {
          events.add(of(event));
        }
      }
      return events;
    }

    private static Event of(JsonNode event) {
      long begin = event.get("ts").asLong();
      return new Event(
          event.get("name").asText(),
          event.at("/args/op_name").asText(),
          event.at("/args/provider").asText(),
          begin,
          begin + event.get("dur").asLong());
    }

    boolean isIf() {
      return operator.equals("If");
    }

    /** The angles of positions are multiplied once in a run, before all layers. */
    boolean isOfLayerOrHead() {
      return OF_LAYERS.contains(operator) && !name.contains("rotary_emb");
    }

    boolean isCopy() {
      return operator.startsWith("Memcpy");
    }

    boolean holds(Event other) {
      return begin <= other.begin && other.end <= end + ROUNDING;
    }

    boolean holdsAny(List<Event> others) {
      return others.stream().anyMatch(this::holds);
    }
  }
}
