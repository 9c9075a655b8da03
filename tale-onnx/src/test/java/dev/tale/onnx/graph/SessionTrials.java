package dev.tale.onnx.graph;

import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.ModelOutputException;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens broken graphs and asks them, in a process that they may end. Prints a line before each and
 * one after it.
 */
final class SessionTrials {
  static final String TRIED = "tried ";
  static final String USED = "used ";
  static final String REFUSED = "refused ";
  static final String UNTYPED = "untyped ";

  private SessionTrials() {}

  /**
   * Tries graphs, those of the numbers {@code from} to {@code to}, exclusive.
   *
   * @param args seed, from, to, and the original graphs
   */
  public static void main(String[] args) throws IOException {
    List<Path> originals = new ArrayList<>();
    for (String original : List.of(args).subList(3, args.length)) {
      originals.add(Path.of(original));
    }
    GraphFuzz fuzz = new GraphFuzz(originals);
    for (int number = Integer.parseInt(args[1]); number < Integer.parseInt(args[2]); number++) {
      System.out.println(TRIED + number);
      System.out.println(outcome(fuzz.write(Long.parseLong(args[0]), number)) + number);
    }
  }

  private static String outcome(Path graph) {
    try (OnnxModel model = OnnxModel.open(graph.getParent())) {
      int layers = model.info().layerCount();
      List<LayerMask> masks = List.of(LayerMask.none(layers), LayerMask.of(layers, 0));
      model.respond(List.of(request(graph)), layers > 1 ? masks : masks.subList(0, 1));
      return USED;
    } catch (ModelFormatException
        | UnsupportedModelException
        | UnanswerableRequestException
        | ModelOutputException e) {
      return REFUSED;
    } catch (IOException | RuntimeException | Error e) {
      return UNTYPED + e + " " + List.of(e.getStackTrace()).subList(0, 3) + " ";
    }
  }

  private static Request request(Path graph) {
    return graph.getParent().getFileName().toString().startsWith("bert")
        ? new Request.Similarity("true", "false")
        : new Request.LogLikelihood("true and", " false");
  }
}
