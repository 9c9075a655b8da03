package dev.tale.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.HiddenStates;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.ModelInfo;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.families.Fixtures;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.session.OutputComparison;
import dev.tale.onnx.session.decode.TokenChoice;
import dev.tale.onnx.session.runtime.PlainSession;
import dev.tale.onnx.session.runtime.SessionConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PlainAgreementTest {
  private static final List<Request> REQUESTS =
      Collections.nCopies(5, new Request.LogLikelihood("a", " b"));

  private final List<Integer> compared = new ArrayList<>();

  @Test
  void difference_isRefusedBeforeASearch() throws IOException {
    PlainAgreement agreement = agreement("llama31-genai-int4", 0.3);
    assertThatThrownBy(() -> agreement.check(REQUESTS))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            "model.onnx", "largest difference 0.3", "tolerance 0.1", "MatMulNBits");
    assertThat(agreement.provenance()).isEmpty();
  }

  @Test
  void fewRequests_areComparedOnce() throws IOException {
    PlainAgreement agreement = agreement("llama31-genai-int4", 1e-6);
    agreement.check(List.of());
    agreement.check(REQUESTS);
    agreement.check(REQUESTS);
    assertThat(compared).containsExactly(2);
    assertThat(agreement.provenance()).containsEntry("tale.gated_difference", "1.0E-6 of 2.0");
  }

  @Test
  void float32_isNotLoadedTwice() throws IOException {
    PlainAgreement agreement = agreement("qwen25-torchscript", 0.3);
    assertThatCode(() -> agreement.check(REQUESTS)).doesNotThrowAnyException();
    assertThat(compared).isEmpty();
  }

  private PlainAgreement agreement(String fixture, double difference) throws IOException {
    ModelDirectory directory = ModelDirectory.open(Fixtures.named(fixture).directory());
    ModelInfo info = new ModelInfo("model", "hash", directory.stream().layers(), 64, "test");
    return new PlainAgreement(
        directory, info, SessionConfig.cpu(1), new FixedAnswers(difference, compared));
  }

  /** Finds models as far apart as it is told. */
  private record FixedAnswers(double difference, List<Integer> compared) implements Answers {

    @Override
    public Response.Generation generate(
        Request.Generation request, LayerMask mask, TokenChoice choice, Consumer<String> listener) {
      throw new AssertionError("nothing is generated");
    }

    @Override
    public OutputComparison compare(
        List<Request> requests, LayerMask mask, List<LinearPatch> patches, PlainSession written) {
      assertThat(mask.removed()).isEmpty();
      compared.add(requests.size());
      return new OutputComparison(difference, 2, requests.size());
    }

    @Override
    public Answer answer(Batch batch) {
      throw new AssertionError();
    }

    @Override
    public List<List<Response>> respondScaled(
        List<Request> requests, List<ImmutableDoubleArray> gates) {
      throw new AssertionError();
    }

    @Override
    public Optional<StatesEverywhere> statesEverywhere() {
      return Optional.empty();
    }

    @Override
    public Optional<HiddenStates> hiddenStates() {
      throw new AssertionError();
    }

    @Override
    public List<ImmutableLongArray> prompts(List<Request> requests) {
      throw new AssertionError();
    }
  }
}
