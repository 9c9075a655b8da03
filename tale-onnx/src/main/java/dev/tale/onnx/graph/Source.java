package dev.tale.onnx.graph;

import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import java.nio.file.Path;

/** The file that a graph came from, and how to complain about it. */
public record Source(Path file) {

  /** The file is broken: what and with which value; the remedy is added. */
  public ModelFormatException malformed(String what) {
    return new ModelFormatException(file + ": " + what + "; fetch or export the model again");
  }

  /** As {@link #malformed(String)}, with the cause. */
  public ModelFormatException malformed(String what, Throwable cause) {
    return new ModelFormatException(
        file + ": " + what + "; fetch or export the model again", cause);
  }

  /** The file is in order but not for Tale: what, with which value, and the remedy. */
  public UnsupportedModelException unsupported(String what) {
    return new UnsupportedModelException(file + ": " + what);
  }
}
