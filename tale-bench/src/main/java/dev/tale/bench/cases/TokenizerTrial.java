package dev.tale.bench.cases;

import com.google.common.primitives.ImmutableLongArray;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.Request;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.text.TextTokenizer;
import dev.tale.onnx.text.UnencodableTextException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens a model whose {@code tokenizer.json} may do anything, ending the process included: to be
 * run in a process of its own.
 */
final class TokenizerTrial {
  /** What the process prints before the reason, or instead of one. */
  static final String USED = "used";

  static final String REFUSED = "refused: ";

  private static final List<String> TEXTS =
      List.of(
          "a dog ran",
          "Question: is the film good?\nAnswer: True",
          "",
          "   ",
          "\n\n\t",
          "don't 12,345.67 I'LL",
          "na\u00efve caf\u00e9 \u4e2d\u6587 \ud83d\ude00\u200d\ud83d\udd25",
          "a\u0301\u0000\ufeff\u00ad",
          "<s></s><pad><unk>[CLS][SEP][UNK]<mask>",
          "x".repeat(2000),
          "ab ".repeat(1000),
          "!?".repeat(500));

  private TokenizerTrial() {}

  /**
   * Prints whether the tokenizer is used or refused.
   *
   * @param args directory of the model
   */
  public static void main(String[] args) throws IOException {
    System.out.println(outcome(Path.of(args[0])));
  }

  private static String outcome(Path directory) throws IOException {
    try (TextTokenizer tokenizer = TextTokenizer.open(directory.resolve("tokenizer.json"));
        OnnxModel model = OnnxModel.open(directory)) {
      for (String text : TEXTS) {
        ImmutableLongArray tokens = tokenizer.encode(text, true);
        tokenizer.decode(tokens, false);
        tokenizer.decode(tokenizer.encode(text, false), true);
      }
      List<Request> requests = List.of(new Request.LogLikelihood("a dog ran", " True"));
      model.respond(requests, List.of(LayerMask.none(model.info().layerCount())));
      return USED;
    } catch (ModelFormatException
        | UnsupportedModelException
        | UnanswerableRequestException
        | UnencodableTextException e) {
      return REFUSED + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }
}
