package dev.tale.onnx.folder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Models that exporters write as several graphs, told by the names of the files and by {@code
 * config.json}: the two halves of an encoder-decoder, and a decoder before and after its first
 * token.
 */
final class GraphParts {
  private static final String ENCODER = "encoder_model";
  private static final String DECODER = "decoder_";
  private static final String FIRST = "decoder_model.";
  private static final String REMEDY =
      " Export it again with task text-generation-with-past, which gives one model.onnx";

  private GraphParts() {}

  /**
   * Refuses a graph that is by its name a part of a model, unless it is a decoder's only one: that
   * reads a prompt, and could answer without a cache.
   *
   * @param graphs the graphs beside it, itself included
   * @throws UnsupportedModelException with the part that it is
   */
  static void refuseAlone(Path graph, List<Path> graphs) {
    String name = graph.getFileName().toString();
    if (name.startsWith(DECODER) || name.startsWith(ENCODER)) {
      if (graphs.size() > 1) {
        refuse(graph, graphs);
      }
      if (!name.startsWith(FIRST)) {
        throw new Source(graph)
            .unsupported(
                "is by its name "
                    + (name.startsWith(ENCODER)
                        ? "the encoder of an encoder-decoder model. Tale prunes models with one"
                            + " stack of layers; if it is one, call the file model.onnx"
                        : "a part of a decoder, which goes on from a cache or chooses whether to."
                            + REMEDY));
      }
    }
  }

  /**
   * Refuses a directory whose graphs are parts of one model.
   *
   * @param place the directory, or one of the graphs
   * @throws UnsupportedModelException with the parts
   */
  static void refuse(Path place, List<Path> graphs) {
    List<String> decoders = startingWith(DECODER, graphs);
    if (decoders.isEmpty()) {
      return;
    }
    List<String> encoders = startingWith(ENCODER, graphs);
    Source source = new Source(place);
    if (!encoders.isEmpty()) {
      throw source.unsupported(
          "holds an encoder-decoder model in parts, "
              + encoders.get(0)
              + " and "
              + decoders.get(0)
              + ". Tale prunes models with one stack of layers");
    }
    throw source.unsupported(
        "holds a decoder in parts, "
            + String.join(", ", decoders)
            + ": one graph reads a prompt, another goes on, and a merged one chooses between them."
            + REMEDY);
  }

  private static List<String> startingWith(String prefix, List<Path> graphs) {
    return graphs.stream()
        .map(graph -> graph.getFileName().toString())
        .filter(name -> name.startsWith(prefix))
        .limit(8)
        .toList();
  }

  /**
   * Refuses a half of an encoder-decoder model, whose settings count the layers of both.
   *
   * @throws UnsupportedModelException with the kind of model
   */
  static void check(Companions companions) throws IOException {
    Optional<SideFile> file = companions.files().find(ConfigFile.NAME);
    if (file.isEmpty()) {
      return;
    }
    Source source = file.get().source();
    JsonNode config = JsonFile.read(file.get());
    if (config.path("is_encoder_decoder").asBoolean()) {
      throw source.unsupported(
          "says is_encoder_decoder of a "
              + config.path("model_type").asText("model")
              + ": "
              + companions.graph().file().getFileName()
              + " is a part of an encoder-decoder model. Tale prunes models with one stack of"
              + " layers");
    }
  }
}
