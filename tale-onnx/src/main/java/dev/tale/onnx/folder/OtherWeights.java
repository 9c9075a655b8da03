package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableMap;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Weights in forms that are not opened, told by the names that their writers give them. */
final class OtherWeights {
  private static final String SAVE =
      " Load the model with transformers once and save it with save_pretrained, which writes"
          + " model.safetensors";

  private static final String CONVERT =
      " Convert it to a folder for transformers with safetensors, by the tools of those who made it";

  private static final String PICKLED =
      "holds pickled weights, which are never read, for they can run code.";

  /** Reasons by pattern; the first that fits is given. */
  private static final ImmutableMap<Pattern, String> REASONS =
      ImmutableMap.<Pattern, String>builder()
          .put(
              pattern("adapter_(model|config)\\..*"),
              "is an adapter, without the model that it changes. Merge it with PEFT's"
                  + " merge_and_unload and save the result with save_pretrained")
          .put(
              pattern("consolidated.*\\.safetensors"),
              "is in the form of the model's maker, not of transformers. Use the folder for"
                  + " transformers, or convert it to one")
          .put(pattern("pytorch_model.*\\.bin(\\.index\\.json)?"), PICKLED + SAVE)
          .put(pattern("openvino.*"), "is of OpenVINO." + CONVERT)
          .put(pattern(".*\\.(pt|pth|ckpt|pkl|pickle|nemo)"), PICKLED + CONVERT)
          .put(
              pattern("(tf_model|flax_model).*|.*\\.(h5|msgpack)"),
              "is of another framework." + SAVE)
          .put(pattern(".*\\.npz"), "is of another framework." + CONVERT)
          .put(
              pattern("model-\\d+-of-\\d+\\.safetensors"),
              "is one of several files, and model.safetensors.index.json, which names them, is not"
                  + " beside it. Fetch the whole folder")
          .put(
              pattern(".*\\.safetensors(\\.index.*\\.json)?"),
              "is not by one of the names that transformers reads, model.safetensors and"
                  + " model.safetensors.index.json. Give the folder of a whole checkpoint; of a"
                  + " variant, such as fp16, rename the file, and in an index what it names")
          .put(pattern("config\\.json"), "is the settings of a model. Give its folder")
          .buildOrThrow();

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
  }

  private OtherWeights() {}

  /**
   * Refuses a directory without a graph or a checkpoint for what it holds instead.
   *
   * @param files of the directory, or one file that was given as the model
   * @throws UnsupportedModelException with the file and the way that works
   */
  static void refuse(List<Path> files) {
    for (Map.Entry<Pattern, String> reason : REASONS.entrySet()) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (reason.getKey().matcher(name).matches()) {
          throw new Source(file).unsupported(reason.getValue());
        }
      }
    }
  }
}
