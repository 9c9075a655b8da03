package dev.tale.onnx.folder;

import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Heads that are not a decoder's, although their output is named as one's. What a graph computes
 * does not tell them apart, so {@code config.json} is asked.
 */
final class TaskHeads {
  private static final ImmutableList<String> BIDIRECTIONAL =
      ImmutableList.of(
          "ForMaskedLM",
          "ForSequenceClassification",
          "ForTokenClassification",
          "ForQuestionAnswering");

  private TaskHeads() {}

  /**
   * Refuses the graph of such a model with its head. Without the head it is an encoder, whose
   * settings may still name the class that it was trained in.
   *
   * @throws dev.tale.model.UnsupportedModelException with the class and the output
   */
  static void check(Companions companions) throws IOException {
    Optional<SideFile> config = companions.files().find(ConfigFile.NAME);
    List<String> logits = logits(companions.graph());
    if (config.isEmpty() || logits.isEmpty()) {
      return;
    }
    Source source = config.get().source();
    for (JsonNode architecture : JsonFile.read(config.get()).path("architectures")) {
      String name = architecture.asText();
      if (BIDIRECTIONAL.stream().anyMatch(name::endsWith)) {
        throw source.unsupported(
            "names the architecture "
                + name
                + ", and the graph has the output "
                + logits.get(0)
                + ": it is an encoder with the head of a task, not a decoder, and has neither text"
                + " nor embeddings to compare. Export it with task feature-extraction");
      }
    }
  }

  private static List<String> logits(OnnxGraph graph) {
    return graph.proto().getGraph().getOutputList().stream()
        .map(ValueInfoProto::getName)
        .filter(name -> name.endsWith("logits"))
        .toList();
  }
}
