package dev.tale.bench.cases;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import dev.tale.model.Request;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Requests that contain every added token of a tokenizer: the ids that a model may not have learnt.
 */
final class AddedTokens {
  private AddedTokens() {}

  static ImmutableList<Request> requests(Path tokenizer) throws IOException {
    ImmutableList.Builder<Request> requests = ImmutableList.builder();
    requests.add(new Request.LogLikelihood("a dog ran", " True"));
    for (JsonNode token : new ObjectMapper().readTree(tokenizer.toFile()).path("added_tokens")) {
      String text = token.path("content").asText();
      requests.add(new Request.LogLikelihood("a dog " + text + " ran", " True"));
    }
    return requests.build();
  }
}
