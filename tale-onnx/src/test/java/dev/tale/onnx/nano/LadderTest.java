package dev.tale.onnx.nano;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.Response;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.batch.TokenRequest;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each rung of the ladder from PyTorch to the written model, compared with the one before. */
@Tag("slow")
class LadderTest {
  private static final int LAYERS = 12;

  @TempDir Path scratch;

  @Test
  void everyRungAgreesWithTheOneBefore() throws IOException {
    LadderReport report = LadderReport.measure(scratch, 2);
    assertThat(report.prompts()).as("prompts").isGreaterThanOrEqualTo(64);
    assertThat(report.masks()).as("masks").isGreaterThanOrEqualTo(20);
    assertThat(report.plainFromPyTorch()).as("plain from PyTorch, %s", report).isLessThan(1e-3);
    assertThat(report.gatedFromPlain()).as("gated from plain, %s", report).isLessThan(1e-4);
    assertThat(report.maskedFromPyTorch()).as("masked from PyTorch, %s", report).isLessThan(1e-3);
    assertThat(report.excisedFromGated()).as("excised from gated, %s", report).isLessThan(1e-4);
  }

  @Test
  void tokensAreThoseOfTransformersWithOneBeginOfText() throws IOException {
    ExpectedLogits expected = ExpectedLogits.read(LAYERS);
    try (TextTokenizer tokenizer =
        TextTokenizer.open(NanoLlama.directory().resolve("tokenizer.json"))) {
      PromptEncoder encoder = new PromptEncoder(tokenizer);
      for (int prompt = 0; prompt < expected.texts().size(); prompt++) {
        String text = expected.texts().get(prompt);
        assertThat(encoder.encode(text)).as(text).isEqualTo(expected.tokens().get(prompt));
        assertThat(encoder.encode("<|begin_of_text|>" + text))
            .as("rendered by a chat template: %s", text)
            .isEqualTo(expected.tokens().get(prompt));
      }
    }
  }

  @Test
  void generationsAreThoseOfPyTorchTokenByToken() throws IOException {
    JsonNode expected = ExpectedLogits.json("generation.json");
    ImmutableSet<Long> ends = ImmutableSet.of(expected.at("/eos_token_id").asLong());
    ModelDirectory model = ModelDirectory.open(NanoLlama.directory());
    GatedGraph graph = GatedGraph.of(model.stream(), ConditionForm.BOOL);
    try (GatedSession session = GatedSession.open(graph, SessionConfig.cpu(2))) {
      Responder responder = new Responder(session, (tokens, skip) -> tokens.toString(), ends);
      for (JsonNode item : expected.at("/generations")) {
        assertThat(generate(responder, item, expected.at("/max_new_tokens").asInt()))
            .as("%s without layers %s", item.at("/prompt"), item.at("/removed_layers"))
            .isEqualTo(generation(item));
      }
    }
    assertThat(expected.at("/generations").size()).isPositive();
  }

  private static Response generate(Responder responder, JsonNode item, int maxNewTokens) {
    LayerMask mask = LayerMask.of(LAYERS, ExpectedLogits.ints(item.at("/removed_layers")));
    ImmutableLongArray prompt = ExpectedLogits.longs(item.at("/prompt_token_ids"));
    TokenRequest request = new TokenRequest.Generate(prompt, List.of(), maxNewTokens);
    return responder.answer(List.of(request), List.of(mask)).responses().get(0).get(0);
  }

  private static Response generation(JsonNode item) {
    ImmutableLongArray tokens = ExpectedLogits.longs(item.at("/token_ids"));
    boolean ended = item.at("/stop").asText().equals("eos");
    return new Response.Generation(
        tokens.toString(),
        tokens.length(),
        ended ? Response.Stop.END_OF_SEQUENCE : Response.Stop.LENGTH);
  }
}
